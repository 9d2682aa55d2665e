package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Awaiting;
import java.util.ArrayList;
import java.util.List;

/**
 * What an invocation waits for, also part of the log's commands.
 *
 * <pre>combinator (1) | completions | signals | names | nodes below</pre>
 */
public final class AwaitingCodec implements Codec<Awaiting> {
  public static final AwaitingCodec INSTANCE = new AwaitingCodec();

  private static final Codec<Integer> NUMBER =
      InvocationCodec.codec(
          (it, out) -> out.varint(Integer.toUnsignedLong(it)), Parts::completionId);
  private static final Codec<String> TEXT =
      InvocationCodec.codec((it, out) -> out.string(it), ByteReader::string);

  private AwaitingCodec() {}

  @Override
  public void write(Awaiting value, ByteWriter out) {
    write(value, 1, out);
  }

  private static void write(Awaiting value, int depth, ByteWriter out) {
    checkDepth(depth);
    out.uint8(value.combinator().code());
    Parts.list(value.completions(), NUMBER, out);
    Parts.list(value.signals(), NUMBER, out);
    Parts.list(value.names(), TEXT, out);
    out.varint(value.nested().size());
    for (Awaiting below : value.nested()) {
      write(below, depth + 1, out);
    }
  }

  @Override
  public Awaiting read(ByteReader in) {
    return read(1, in);
  }

  private static Awaiting read(int depth, ByteReader in) {
    checkDepth(depth);
    Awaiting.Combinator combinator = Awaiting.Combinator.ofCode(in.uint8());
    List<Integer> completions = Parts.list(NUMBER, in);
    List<Integer> signals = Parts.list(NUMBER, in);
    List<String> names = Parts.list(TEXT, in);
    List<Awaiting> nested = new ArrayList<>();
    for (int left = in.varint(in.remaining()); left > 0; left--) {
      nested.add(read(depth + 1, in));
    }
    return new Awaiting(combinator, completions, signals, names, nested);
  }

  /** Whoever proposes has to refuse it before: every level costs a frame of the thread's stack. */
  private static void checkDepth(int depth) {
    if (depth > Awaiting.DEPTH_LIMIT) {
      throw new IllegalArgumentException(
          "Expected at most " + Awaiting.DEPTH_LIMIT + " levels to wait for, but there are more");
    }
  }
}
