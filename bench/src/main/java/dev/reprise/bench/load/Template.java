package dev.reprise.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with places for the numbers of a request: {@code {key}}, drawn at random, and {@code {seq}},
 * counting requests. Other braces are text. Rendering allocates nothing. Immutable, any thread.
 */
public final class Template {
  /** Decimal digits of the largest long. */
  private static final int MAX_DIGITS = 19;

  private enum Place {
    KEY("{key}"),
    SEQUENCE("{seq}");

    final String mark;

    Place(String mark) {
      this.mark = mark;
    }
  }

  /** One more than places: text, place, text, place, … text. */
  private final List<byte[]> texts = new ArrayList<>();

  private final List<Place> places = new ArrayList<>();

  private Template(String source) {
    int from = 0;
    for (int at = 0; at < source.length(); at++) {
      for (Place place : Place.values()) {
        if (source.startsWith(place.mark, at)) {
          texts.add(source.substring(from, at).getBytes(UTF_8));
          places.add(place);
          from = at + place.mark.length();
        }
      }
    }
    texts.add(source.substring(from).getBytes(UTF_8));
  }

  public static Template of(String source) {
    return new Template(source);
  }

  /** Bytes that {@link #render} never exceeds. */
  public int maxLength() {
    return texts.stream().mapToInt(text -> text.length).sum() + places.size() * MAX_DIGITS;
  }

  /** Appends the text with the given numbers, both of them not negative. */
  public void render(ByteBuffer out, long key, long sequence) {
    out.put(texts.get(0));
    for (int i = 0; i < places.size(); i++) {
      putDecimal(out, places.get(i) == Place.KEY ? key : sequence);
      out.put(texts.get(i + 1));
    }
  }

  /** Appends a number that is not negative in decimal digits. */
  static void putDecimal(ByteBuffer out, long number) {
    if (number < 0) {
      throw new IllegalArgumentException("Expected a number >= 0, but " + number);
    }
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int end = out.position() + digits;
    long rest = number;
    for (int at = end - 1; at >= out.position(); at--) {
      out.put(at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    out.position(end);
  }
}
