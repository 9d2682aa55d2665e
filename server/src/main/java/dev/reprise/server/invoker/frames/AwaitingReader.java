package dev.reprise.server.invoker.frames;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.Bytes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads what an endpoint says that it waits for. A tree is read by a loop: its depth is the peer's
 * choice, and our stack is not. Confined to its attempt's loop.
 */
final class AwaitingReader {
  private static final int LONGEST = 4 << 20;
  private static final int MOST_NODES = 100_000;
  private static final int SUSPENSION_FUTURE = 4;
  private static final int AWAITING_ON_FUTURE = 1;

  private static final int COMPLETIONS = 1;
  private static final int SIGNALS = 2;
  private static final int NAMES = 3;
  private static final int NESTED = 4;
  private static final int COMBINATOR = 5;

  private final CompletionIds ids;

  AwaitingReader(CompletionIds ids) {
    this.ids = ids;
  }

  /** Of a suspension as it is until version 6: any of three lists. */
  Awaiting lists(Bytes payload) {
    int type = MessageType.SUSPENSION;
    requireShort(type, payload);
    var message = Parsing.parse(SuspensionMessage.parser(), type, payload);
    Node node = new Node(0);
    node.combinator = Combinator.FIRST_COMPLETED;
    node.completions.addAll(message.getWaitingCompletionsList());
    node.signals.addAll(message.getWaitingSignalsList());
    node.names.addAll(message.getWaitingNamedSignalsList());
    return checked(node, type);
  }

  /** Of a suspension from version 7 on: a tree. */
  Awaiting suspension(Bytes payload) {
    return tree(MessageType.SUSPENSION, SUSPENSION_FUTURE, payload);
  }

  /** Of an endpoint that waits with its stream open. */
  Awaiting awaitingOn(Bytes payload) {
    return tree(MessageType.AWAITING_ON, AWAITING_ON_FUTURE, payload);
  }

  private static void requireShort(int type, Bytes payload) {
    if (payload.length() > LONGEST) {
      throw new ProtocolViolation(
          "RT0003",
          MessageType.nameOf(type)
              + ": Expected at most "
              + LONGEST
              + " bytes, but got "
              + payload.length());
    }
  }

  private Awaiting tree(int type, int field, Bytes payload) {
    requireShort(type, payload);
    CodedInputStream in = Parsing.input(payload);
    Awaiting found = null;
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (isMessage(tag, field)) {
          if (found != null) {
            throw new ProtocolViolation(
                MessageType.nameOf(type) + ": Expected one future, but got a second");
          }
          found = future(in, type);
        } else if (!in.skipField(tag)) {
          break;
        }
      }
      in.checkLastTagWas(0);
    } catch (IOException e) {
      throw Parsing.malformed(type, e);
    }
    if (found == null) {
      throw empty(type);
    }
    return found;
  }

  private static boolean isMessage(int tag, int field) {
    return WireFormat.getTagFieldNumber(tag) == field
        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** A node under way. */
  private static final class Node {
    private final int outerLimit;
    private final List<Integer> completions = new ArrayList<>(2);
    private final List<Integer> signals = new ArrayList<>(2);
    private final List<String> names = new ArrayList<>(0);
    private final List<Awaiting> nested = new ArrayList<>(0);
    private Combinator combinator = Combinator.UNKNOWN;

    Node(int outerLimit) {
      this.outerLimit = outerLimit;
    }
  }

  private Awaiting future(CodedInputStream in, int type) throws IOException {
    Deque<Node> open = new ArrayDeque<>();
    open.push(begin(in));
    int nodes = 1;
    while (true) {
      Node node = open.element();
      int tag = in.readTag();
      if (tag == 0) {
        in.popLimit(node.outerLimit);
        open.pop();
        Awaiting done = checked(node, type);
        if (open.isEmpty()) {
          return done;
        }
        open.element().nested.add(done);
      } else if (isMessage(tag, NESTED)) {
        requireShallow(open.size() + 1);
        Parsing.require(++nodes <= MOST_NODES, type, "at most " + MOST_NODES + " futures");
        open.push(begin(in));
      } else {
        leaf(in, tag, node);
      }
    }
  }

  private static void requireShallow(int depth) {
    if (depth > Awaiting.DEPTH_LIMIT) {
      throw ProtocolViolation.pausing(
          "RT0025",
          "Expected futures nested at most "
              + Awaiting.DEPTH_LIMIT
              + " deep, but these are deeper: the code would wait for them again");
    }
  }

  private static Node begin(CodedInputStream in) throws IOException {
    return new Node(in.pushLimit(in.readRawVarint32()));
  }

  private static void leaf(CodedInputStream in, int tag, Node node) throws IOException {
    boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    boolean number = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
    int field = WireFormat.getTagFieldNumber(tag);
    if (field == COMPLETIONS && (packed || number)) {
      numbers(in, packed, node.completions);
    } else if (field == SIGNALS && (packed || number)) {
      numbers(in, packed, node.signals);
    } else if (field == NAMES && packed) {
      node.names.add(in.readStringRequireUtf8());
    } else if (field == COMBINATOR && number) {
      int code = in.readEnum();
      // One that we do not know completes with any child: to be woken early costs an attempt only.
      node.combinator =
          code < 0 || code >= Combinator.values().length
              ? Combinator.UNKNOWN
              : Combinator.ofCode(code);
    } else {
      in.skipField(tag);
    }
  }

  private static void numbers(CodedInputStream in, boolean packed, List<Integer> to)
      throws IOException {
    if (!packed) {
      to.add(in.readUInt32());
      return;
    }
    int outer = in.pushLimit(in.readRawVarint32());
    while (in.getBytesUntilLimit() > 0) {
      to.add(in.readUInt32());
    }
    in.popLimit(outer);
  }

  private Awaiting checked(Node node, int type) {
    for (int completion : node.completions) {
      if (!ids.contains(completion)) {
        throw new ProtocolViolation(
            MessageType.nameOf(type)
                + ": Expected completions of this journal, but "
                + Integer.toUnsignedString(completion)
                + " is not one");
      }
    }
    for (int signal : node.signals) {
      Parsing.require(signal != 0, type, "signals from 1 on");
    }
    if (node.completions.isEmpty()
        && node.signals.isEmpty()
        && node.names.isEmpty()
        && node.nested.isEmpty()) {
      throw empty(type);
    }
    return new Awaiting(node.combinator, node.completions, node.signals, node.names, node.nested);
  }

  private static ProtocolViolation empty(int type) {
    return new ProtocolViolation(
        MessageType.nameOf(type) + ": Expected something to wait for, but it is empty");
  }
}
