package dev.reprise.server.invoker;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a server and an endpoint said to each other, as a text for people and for tests. Prose may
 * stand anywhere; these lines mean something:
 *
 * <pre>
 * version 6                         of the protocol
 * lasts bidi | request-response     how the exchange is made
 * call Svc/go [key=K] [input=TEXT]  who is called, until EOL for the input
 * answer success TEXT               what the caller is told
 * answer failure 409 TEXT
 * attempt Svc/go                    an exchange of that handler begins; they begin in this order
 * &gt; Name header | payload           a frame of the server, in hex
 * &lt; Name header | payload           a frame of the endpoint
 * &gt; EOF, &lt; EOF                      the end of the request's or the response's body
 * + call Svc/other                  at this point of the exchange somebody calls
 * </pre>
 *
 * <p>The duration in Start differs from run to run and is left out.
 */
final class Transcript {
  static final Path DIRECTORY =
      Path.of("..", "grpc-api", "src", "test", "resources", "dev", "reprise", "api", "transcripts");

  private static final HexFormat HEX = HexFormat.of();

  private final Path file;
  private final List<String> lines;
  private final List<Exchange> exchanges = new ArrayList<>();
  private int version = 6;
  private boolean bidirectional = true;
  private Call call = new Call("Svc", "go", "", "");
  private String answer = "";

  /** Somebody calls a handler. */
  record Call(String service, String handler, String key, String input) {
    static Call parse(String text) {
      String rest = text;
      String input = "";
      int at = rest.indexOf(" input=");
      if (at >= 0) {
        input = rest.substring(at + " input=".length());
        rest = rest.substring(0, at);
      }
      String key = "";
      at = rest.indexOf(" key=");
      if (at >= 0) {
        key = rest.substring(at + " key=".length());
        rest = rest.substring(0, at);
      }
      String[] target = rest.trim().split("/", -1);
      return new Call(target[0], target[1], key, input);
    }
  }

  /** One thing that happens in an exchange. */
  sealed interface Step {
    /** A frame of the server. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Told(int line, String name, byte[] frame) implements Step {}

    /** A frame of the endpoint. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Said(byte[] frame) implements Step {}

    record RequestEnds() implements Step {}

    record ResponseEnds() implements Step {}

    record Calls(Call call) implements Step {}
  }

  /** One attempt. */
  record Exchange(String path, List<Step> steps) {}

  Transcript(Path file) {
    this.file = file;
    try {
      this.lines = new ArrayList<>(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int i = 0; i < lines.size(); i++) {
      read(i, lines.get(i).stripTrailing());
    }
  }

  private void read(int number, String line) {
    if (line.startsWith("version ")) {
      version = Integer.parseInt(line.substring("version ".length()));
    } else if (line.startsWith("lasts ")) {
      bidirectional = line.equals("lasts bidi");
    } else if (line.startsWith("call ")) {
      call = Call.parse(line.substring("call ".length()));
    } else if (line.startsWith("answer ")) {
      answer = line.substring("answer ".length());
    } else if (line.startsWith("attempt ")) {
      exchanges.add(
          new Exchange("/invoke/" + line.substring("attempt ".length()), new ArrayList<>()));
    } else if (line.startsWith("> ") || line.startsWith("< ") || line.startsWith("+ ")) {
      exchanges.getLast().steps().add(step(number, line));
    }
  }

  private static Step step(int number, String line) {
    String rest = line.substring(2).trim();
    if (line.startsWith("+ ")) {
      return new Step.Calls(Call.parse(rest.substring("call ".length())));
    }
    boolean told = line.startsWith("> ");
    if (rest.equals("EOF")) {
      return told ? new Step.RequestEnds() : new Step.ResponseEnds();
    }
    String[] parts = rest.split("\\s+", 2);
    byte[] frame = parts.length == 1 ? new byte[0] : HEX.parseHex(hex(parts[1]));
    if (!told) {
      check(line, parts[0], frame);
    }
    return told ? new Step.Told(number, parts[0], frame) : new Step.Said(frame);
  }

  private static String hex(String text) {
    return text.replace("|", "").replace(" ", "");
  }

  /** A frame that is wrong on purpose is named so. */
  private static void check(String line, String name, byte[] frame) {
    if (name.equals("Wrong")) {
      return;
    }
    long header = ByteBuffer.wrap(frame).getLong();
    if (MessageFraming.length(header) != frame.length - MessageFraming.HEADER_BYTES
        || !MessageType.nameOf(MessageFraming.type(header)).equals(name)) {
      throw new AssertionError("Expected a " + name + " of the length it says: " + line);
    }
  }

  static String line(byte[] frame) {
    long header = ByteBuffer.wrap(frame).getLong();
    return String.format(
        Locale.ROOT,
        "> %-22s %s | %s",
        MessageType.nameOf(MessageFraming.type(header)),
        HEX.formatHex(frame, 0, MessageFraming.HEADER_BYTES),
        HEX.formatHex(frame, MessageFraming.HEADER_BYTES, frame.length));
  }

  /** Keeps what the server said in place of what stood there. */
  synchronized void record(int number, byte[] frame) {
    lines.set(number, line(frame).stripTrailing());
  }

  synchronized void save() {
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int version() {
    return version;
  }

  boolean bidirectional() {
    return bidirectional;
  }

  Call call() {
    return call;
  }

  String answer() {
    return answer;
  }

  List<Exchange> exchanges() {
    return exchanges;
  }
}
