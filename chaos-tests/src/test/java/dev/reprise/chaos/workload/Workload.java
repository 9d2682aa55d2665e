package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import java.util.List;

/** One kind of work. Its clients share it: any thread. */
public interface Workload {
  /** Stands in each act of it. */
  String name();

  /** Services that must be registered; each class has a constructor without parameters. */
  List<Class<?>> services();

  /** What must be there before the storm. */
  default void prepare(Client client) {}

  /** One turn of one client: an act or a few. */
  void turn(Client client);

  /** Lets go of what waits for a client, when the faults are over. */
  default void release(Client client) {}

  /** Looks at what has become of everything, when the faults are over and nothing is open. */
  default void conclude(Client client) {}

  /** Judges the acts of this workload. */
  List<Verdict> judge(List<Act> acts);
}
