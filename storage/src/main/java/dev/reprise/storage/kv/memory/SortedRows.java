package dev.reprise.storage.kv.memory;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map of bytes: each change gives a new map that shares most of the old one, so
 * that a snapshot costs nothing and every past state can be kept.
 *
 * <p>A treap whose priorities are hashes of the keys: a search tree by key, a heap by priority.
 * Equal rows have the same shape, whatever their history.
 */
final class SortedRows {
  static final SortedRows EMPTY = new SortedRows(null);

  private final @Nullable Node root;

  private SortedRows(@Nullable Node root) {
    this.root = root;
  }

  byte @Nullable [] get(byte[] key) {
    Node node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  SortedRows put(byte[] key, byte[] value) {
    return new SortedRows(put(root, new Node(key, value, priority(key), null, null)));
  }

  SortedRows delete(byte[] key) {
    Halves atKey = split(root, key);
    Halves afterKey = split(atKey.right, successor(key));
    return afterKey.left == null ? this : new SortedRows(merge(atKey.left, afterKey.right));
  }

  /** Without the keys in {@code [from, to)}. */
  SortedRows deleteRange(byte[] from, byte[] to) {
    Halves atFrom = split(root, from);
    return new SortedRows(merge(atFrom.left, split(atFrom.right, to).right));
  }

  /** A walk over the keys from {@code from} on. */
  Walk from(byte[] from) {
    return new Walk(root, from);
  }

  private static Node put(@Nullable Node node, Node added) {
    if (node == null) {
      return added;
    }
    int order = Arrays.compareUnsigned(added.key, node.key);
    if (order == 0) {
      return new Node(node.key, added.value, node.priority, node.left, node.right);
    }
    if (added.above(node)) {
      // An equal key would have the same priority and stand above: it is not below this node.
      Halves halves = split(node, added.key);
      return added.with(halves.left, halves.right);
    }
    return order < 0
        ? node.with(put(node.left, added), node.right)
        : node.with(node.left, put(node.right, added));
  }

  /** The keys below {@code key}, and the others. */
  private static Halves split(@Nullable Node node, byte[] key) {
    if (node == null) {
      return Halves.NONE;
    }
    if (Arrays.compareUnsigned(node.key, key) < 0) {
      Halves halves = split(node.right, key);
      return new Halves(node.with(node.left, halves.left), halves.right);
    }
    Halves halves = split(node.left, key);
    return new Halves(halves.left, node.with(halves.right, node.right));
  }

  /** Joins two maps, all keys of the left below all of the right. */
  private static @Nullable Node merge(@Nullable Node left, @Nullable Node right) {
    if (left == null) {
      return right;
    }
    if (right == null) {
      return left;
    }
    return left.above(right)
        ? left.with(left.left, merge(left.right, right))
        : right.with(merge(left, right.left), right.right);
  }

  private static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static int priority(byte[] key) {
    // Array hashes of neighbouring keys are neighbours; the multiplication spreads them.
    int hash = Arrays.hashCode(key) * 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }

  private record Halves(@Nullable Node left, @Nullable Node right) {
    static final Halves NONE = new Halves(null, null);
  }

  /** One row, and the rows left and right of it. */
  @SuppressWarnings("ArrayRecordComponent") // Private, never compared, never changed.
  private record Node(
      byte[] key, byte[] value, int priority, @Nullable Node left, @Nullable Node right) {

    Node with(@Nullable Node newLeft, @Nullable Node newRight) {
      return new Node(key, value, priority, newLeft, newRight);
    }

    boolean above(Node other) {
      return priority != other.priority
          ? priority > other.priority
          : Arrays.compareUnsigned(key, other.key) < 0;
    }
  }

  /** Rows in ascending order. Starts before the first. */
  static final class Walk {
    /** Rows not yet shown whose left side was shown, the next one on top. */
    private final Deque<Node> pending = new ArrayDeque<>();

    private @Nullable Node current;

    private Walk(@Nullable Node root, byte[] from) {
      Node node = root;
      while (node != null) {
        if (Arrays.compareUnsigned(node.key, from) >= 0) {
          pending.push(node);
          node = node.left;
        } else {
          node = node.right;
        }
      }
    }

    boolean next() {
      current = pending.poll();
      if (current == null) {
        return false;
      }
      for (Node node = current.right; node != null; node = node.left) {
        pending.push(node);
      }
      return true;
    }

    byte[] key() {
      return row().key;
    }

    byte[] value() {
      return row().value;
    }

    private Node row() {
      if (current == null) {
        throw new IllegalStateException("Expected a current row, but next() did not say true");
      }
      return current;
    }
  }
}
