package dev.reprise.sdk;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson, with a mapper of your own if need be. */
public final class JacksonSerde implements Serde {
  static final JacksonSerde DEFAULT =
      new JacksonSerde(
          JsonMapper.builder()
              .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              // A replay compares bytes: the order must not depend on a hash.
              .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
              .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
              .build());

  private final JsonMapper mapper;

  public JacksonSerde(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public byte[] serialize(@Nullable Object value) {
    return mapper.writeValueAsBytes(value);
  }

  @Override
  public Object deserialize(byte[] bytes, Type type) {
    return mapper.readValue(bytes, mapper.constructType(type));
  }

  @Override
  public String contentType() {
    return "application/json";
  }
}
