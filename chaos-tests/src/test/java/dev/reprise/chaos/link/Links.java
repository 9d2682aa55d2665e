package dev.reprise.chaos.link;

import java.time.Duration;

/** The network between nodes. Each pair of nodes has two directions. Any thread. */
public interface Links {
  /** Whether there is anything to cut. */
  boolean exist();

  /** Holds back all that travels in this direction, until {@link #heal}. */
  void cut(int from, int to);

  /** Lets all that travels in this direction come later. */
  void delay(int from, int to, Duration by);

  /** Breaks all connections between the two, once. */
  void reset(int one, int other);

  /** Everything travels as it should. */
  void heal();

  /** Where there are none. */
  Links NONE =
      new Links() {
        @Override
        public boolean exist() {
          return false;
        }

        @Override
        public void cut(int from, int to) {}

        @Override
        public void delay(int from, int to, Duration by) {}

        @Override
        public void reset(int one, int other) {}

        @Override
        public void heal() {}
      };
}
