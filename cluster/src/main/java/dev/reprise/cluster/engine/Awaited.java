package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.SignalId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of what is awaited has come. A tree shrinks as its leaves arrive; when its root is
 * complete, there is nothing left of it.
 */
final class Awaited {
  private Awaited() {}

  /** What is known of the leaves. How something came is only asked where it matters. */
  interface Leaves {
    boolean has(int completion);

    boolean has(SignalId signal);

    /** Of a completion that is there. */
    boolean failed(int completion);

    /** Of a signal that is there. */
    boolean failed(SignalId signal);
  }

  private enum End {
    SUCCEEDED,
    FAILED,
    /** Complete, but only the code knows as what. */
    EITHER,
    /** It would matter above how something is complete, and only the code knows: let it see. */
    FOR_THE_CODE
  }

  /** A node is complete, or something is left of it. */
  private record Node(@Nullable End end, @Nullable Awaiting rest) {}

  /** What is left to wait for; null when the waiting is over. */
  static @Nullable Awaiting rest(Awaiting tree, Leaves leaves) {
    if (isFlat(tree)) {
      return anyOf(tree, leaves) ? null : tree;
    }
    return node(tree, leaves, asksHow(tree)).rest();
  }

  private static boolean isFlat(Awaiting tree) {
    return tree.nested().isEmpty()
        && (tree.combinator() == Combinator.FIRST_COMPLETED
            || tree.combinator() == Combinator.UNKNOWN);
  }

  private static boolean anyOf(Awaiting tree, Leaves leaves) {
    for (int completion : tree.completions()) {
      if (leaves.has(completion)) {
        return true;
      }
    }
    for (int signal : tree.signals()) {
      if (leaves.has(new SignalId.Index(signal))) {
        return true;
      }
    }
    for (String name : tree.names()) {
      if (leaves.has(new SignalId.Name(name))) {
        return true;
      }
    }
    return false;
  }

  private static boolean asksHow(Awaiting tree) {
    boolean asks = tree.combinator().asksHow();
    for (int i = 0; !asks && i < tree.nested().size(); i++) {
      asks = asksHow(tree.nested().get(i));
    }
    return asks;
  }

  /** The children of one node, sorted into those that are complete and those that are not. */
  private static final class Children {
    private final List<Integer> completions = new ArrayList<>();
    private final List<Integer> signals = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Awaiting> nested = new ArrayList<>();
    private boolean succeeded;
    private boolean failed;
    private boolean either;
    private boolean forTheCode;

    void ended(End end) {
      switch (end) {
        case SUCCEEDED -> succeeded = true;
        case FAILED -> failed = true;
        case EITHER -> either = true;
        case FOR_THE_CODE -> forTheCode = true;
      }
    }

    boolean noneOpen() {
      return completions.isEmpty() && signals.isEmpty() && names.isEmpty() && nested.isEmpty();
    }
  }

  private static Node node(Awaiting tree, Leaves leaves, boolean how) {
    Children children = new Children();
    for (int completion : tree.completions()) {
      if (leaves.has(completion)) {
        children.ended(how ? end(leaves.failed(completion)) : End.EITHER);
      } else {
        children.completions.add(completion);
      }
    }
    for (int index : tree.signals()) {
      SignalId signal = new SignalId.Index(index);
      if (leaves.has(signal)) {
        children.ended(how ? end(leaves.failed(signal)) : End.EITHER);
      } else {
        children.signals.add(index);
      }
    }
    for (String name : tree.names()) {
      SignalId signal = new SignalId.Name(name);
      if (leaves.has(signal)) {
        children.ended(how ? end(leaves.failed(signal)) : End.EITHER);
      } else {
        children.names.add(name);
      }
    }
    for (int i = 0; i < tree.nested().size(); i++) {
      Node below = node(tree.nested().get(i), leaves, how);
      if (below.end() != null) {
        children.ended(below.end());
      } else if (below.rest() != null) {
        children.nested.add(below.rest());
      }
    }
    return node(tree.combinator(), children);
  }

  private static End end(boolean failed) {
    return failed ? End.FAILED : End.SUCCEEDED;
  }

  private static Node node(Combinator combinator, Children children) {
    End end = children.forTheCode ? End.FOR_THE_CODE : end(combinator, children);
    return end != null
        ? new Node(end, null)
        : new Node(
            null,
            new Awaiting(
                combinator,
                children.completions,
                children.signals,
                children.names,
                children.nested));
  }

  /** How the node is complete; null while it is not. */
  private static @Nullable End end(Combinator combinator, Children children) {
    boolean any = children.succeeded || children.failed || children.either;
    return switch (combinator) {
      case UNKNOWN -> any ? End.EITHER : null;
      case FIRST_COMPLETED -> any ? firstOf(children) : null;
      case ALL_COMPLETED -> children.noneOpen() ? End.SUCCEEDED : null;
      case FIRST_SUCCEEDED_OR_ALL_FAILED ->
          children.either
              ? End.FOR_THE_CODE
              : children.succeeded ? End.SUCCEEDED : children.noneOpen() ? End.FAILED : null;
      case ALL_SUCCEEDED_OR_FIRST_FAILED ->
          children.either
              ? End.FOR_THE_CODE
              : children.failed ? End.FAILED : children.noneOpen() ? End.SUCCEEDED : null;
    };
  }

  /** Which of several came first is not remembered here. */
  private static End firstOf(Children children) {
    boolean clear = !children.either && children.succeeded != children.failed;
    return clear ? end(children.failed) : End.EITHER;
  }
}
