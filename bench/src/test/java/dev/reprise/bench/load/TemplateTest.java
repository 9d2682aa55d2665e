package dev.reprise.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateTest {
  @Test
  void placesAreFilledWithTheNumbersOfTheRequest() {
    assertThat(render("/Counter/{key}/add?n={seq}", 0, 10)).isEqualTo("/Counter/0/add?n=10");
    assertThat(render("{key}{key}", 907, 1)).isEqualTo("907907");
  }

  @Test
  void otherBracesAreText() {
    assertThat(render("{\"who\":{\"key\":{key}},{}", 7, 0)).isEqualTo("{\"who\":{\"key\":7},{}");
  }

  @Test
  void theLargestNumberFitsTheAnnouncedLength() {
    Template template = Template.of("<{key}|{seq}>");
    ByteBuffer out = ByteBuffer.allocate(template.maxLength());
    template.render(out, Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(out.hasRemaining()).isFalse();
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatThrownBy(() -> render("{key}", -1, 0)).hasMessageContaining("Expected a number >= 0");
  }

  @Test
  void aRequestDeclaresTheLengthOfItsBodyInBytes() {
    RequestTemplate request =
        new RequestTemplate(
            "POST", "h:1", "/S/{key}", List.of("idempotency-key: {seq}"), "text/plain", "é{seq}");
    assertThat(render(request, 5, 42))
        .isEqualTo(
            "POST /S/5 HTTP/1.1\r\nhost: h:1\r\ncontent-type: text/plain\r\n"
                + "idempotency-key: 42\r\ncontent-length: 4\r\n\r\né42");
  }

  @Test
  void aRequestWithoutBodyHasNoContentType() {
    RequestTemplate request = new RequestTemplate("POST", "h:1", "/", List.of(), "text/plain", "");
    assertThat(render(request, 0, 0))
        .isEqualTo("POST / HTTP/1.1\r\nhost: h:1\r\ncontent-length: 0\r\n\r\n");
  }

  private static String render(String source, long key, long sequence) {
    Template template = Template.of(source);
    ByteBuffer out = ByteBuffer.allocate(template.maxLength());
    template.render(out, key, sequence);
    return text(out);
  }

  private static String render(RequestTemplate request, long key, long sequence) {
    ByteBuffer out = ByteBuffer.allocate(request.maxLength());
    request.render(out, key, sequence);
    return text(out);
  }

  private static String text(ByteBuffer out) {
    return UTF_8.decode(out.flip()).toString();
  }
}
