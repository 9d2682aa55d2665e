package dev.reprise.cluster.engine;

import static dev.reprise.cluster.engine.PartitionStory.OTHER;
import static dev.reprise.cluster.engine.PartitionStory.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.TimerKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Awakeables, named signals, and to whom they come. */
class SignalStoryTest extends StoryTest {
  private static final SignalId AWAKEABLE = new SignalId.Index(17);
  private static final SignalId GO = new SignalId.Name("go");

  private final Asked greet = Asked.plain("greet");

  @BeforeEach
  void greetRuns() {
    partition.when(greet);
  }

  private static Command sends(SignalId id, String value, long request) {
    return new Command.SendSignal(Asked.id("greet"), Says.of(id, value), new RequestId(0, request));
  }

  @Test
  void anAwakeableWakesWhoWaitsForIt() {
    partition.when(partition.says("greet", 1, Says.suspendedOn(AWAKEABLE)));

    partition.when(sends(AWAKEABLE, "yes", 1)).answers("done").emits("start greet");
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Signal*");
    assertThat(partition.lastToldTo("greet")).isEqualTo("yes");
  }

  @Test
  void aSignalThatComesBeforeItsWaiterSuspendsIsNotMissed() {
    partition.when(sends(AWAKEABLE, "yes", 1)).emits("tell greet 1 Signal");

    partition.when(partition.says("greet", 1, Says.suspendedOn(AWAKEABLE))).emits("start greet");
  }

  @Test
  void theFirstValueOfAnAwakeableCountsAndTheSecondSenderIsTold() {
    partition.when(sends(AWAKEABLE, "yes", 1));

    partition.when(sends(AWAKEABLE, "no", 2)).answers("rejected DECIDED").emitsNothing();
    partition.when(sends(AWAKEABLE, "yes", 1)).answers("done").emitsNothing();
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Signal*");
    assertThat(partition.lastToldTo("greet")).isEqualTo("yes");
  }

  @Test
  void aNamedSignalMayComeAgainButNotTwiceForOneRequest() {
    partition.when(sends(GO, "one", 1), sends(GO, "one", 1)).answers("done", "done");
    partition.when(sends(GO, "two", 2)).answers("done");

    assertThat(partition.journalOf("greet")).containsExactly("Input", "Signal*", "Signal*");
    assertThat(partition.lastToldTo("greet")).isEqualTo("two");
  }

  @Test
  void codeThatHasSeenANamedSignalWaitsForTheNextOne() {
    partition.when(partition.says("greet", 1, Says.suspendedOn(GO)));
    partition.when(sends(GO, "one", 1)).emits("start greet");

    partition.when(partition.says("greet", 2, Says.suspendedOn(GO))).emitsNothing();
    assertThat(partition.statusOf("greet")).isEqualTo("suspended");
    partition.when(sends(GO, "two", 2)).emits("start greet");
  }

  @Test
  void aSignalForAScheduledInvocationIsThereWhenItStarts() {
    partition.when(Asked.plain("later").startAt(500));
    Command signal = new Command.SendSignal(Asked.id("later"), Says.of(GO, "x"), request(1));

    partition.when(signal).answers("done").emitsNothing();
    TimerKey start = new TimerKey(500, Asked.id("later"), TimerKey.START);
    partition.after(Duration.ofMillis(500)).when(new Command.FireTimers(List.of(start)));
    partition.emits("start later");
    assertThat(partition.journalOf("later")).containsExactly("Input", "Signal*");
    partition.when(partition.says("later", 1, Says.suspendedOn(GO))).emitsNothing();
  }

  private static RequestId request(long number) {
    return new RequestId(0, number);
  }

  @Test
  void aSignalForOneThatWaitsForItsKeyIsThereWhenItGetsIt() {
    partition.when(Asked.exclusive("first", "k")).when(Asked.exclusive("second", "k"));
    partition.when(new Command.SendSignal(Asked.id("second"), Says.of(GO, "x"), request(1)));

    partition.when(partition.says("first", 1, Says.output("x"), Says.end()));
    partition.emits("ended first x", "start second");
    assertThat(partition.journalOf("second")).containsExactly("Input", "Signal*");
  }

  @Test
  void nobodyAndWhoHasEndedTakeNoSignal() {
    Command toNobody = new Command.SendSignal(Asked.id("nobody"), Says.of(GO, "x"), request(1));
    partition.when(toNobody).answers("rejected NOT_FOUND");

    partition.when(Asked.plain("kept").kept(Duration.ofDays(1), Duration.ZERO));
    partition.when(partition.says("kept", 1, Says.output("x"), Says.end()));
    Command late = new Command.SendSignal(Asked.id("kept"), Says.of(GO, "x"), request(1));
    partition.when(late).answers("rejected COMPLETED").emitsNothing();
  }

  @Test
  void handlersSignalEachOther() {
    partition.when(Asked.plain("sender"));
    partition.when(partition.says("greet", 1, Says.suspendedOn(GO)));

    partition
        .when(partition.says("sender", 1, Says.signal(SELF, "greet", GO, "hello")))
        .emits("start greet");
    assertThat(partition.journalOf("sender")).containsExactly("Input", "SendSignal");
    assertThat(partition.lastToldTo("greet")).isEqualTo("hello");
  }

  @Test
  void aSignalToAnotherPartitionTakesTheOutbox() {
    partition
        .when(partition.says("greet", 1, Says.signal(OTHER, "far", GO, "hello")))
        .emits("ship 1 #1");
  }

  @Test
  void aSignalFromAnotherPartitionCountsOnce() {
    OutboxMessage.Send send = new OutboxMessage.Send(greet.id(), Says.of(GO, "hello"), request(7));

    partition.when(new Command.Deliver(OTHER, 1, List.of(send))).emits("tell greet 1 Signal");
    partition.when(new Command.Deliver(OTHER, 1, List.of(send))).emitsNothing();
  }

  @Test
  void anInvocationMaySignalItself() {
    partition
        .when(partition.says("greet", 1, Says.signal(SELF, "greet", GO, "me")))
        .emits("tell greet 2 Signal");
  }

  @Test
  void anEndedInvocationTakesItsSignalsWithIt() {
    partition.when(sends(GO, "one", 1));
    partition.when(partition.says("greet", 1, Says.output("x"), Says.end()));

    try (var scan = partition.view().signals(greet.id())) {
      assertThat(scan.next()).isFalse();
    }
  }
}
