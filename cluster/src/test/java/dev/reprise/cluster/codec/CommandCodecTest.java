package dev.reprise.cluster.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Pin;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes into the log comes out of it. */
class CommandCodecTest {
  @Test
  void anAttemptThatRanSomewhereSaysWhere() {
    comesBack(said(new Pin("dp_1", 6)));
  }

  @Test
  void anAttemptThatRanNowhereMayStillSayThatItIsOver() {
    comesBack(said(null));
  }

  private static Command said(@Nullable Pin pin) {
    return new Command.AttemptSaid(
        new InvocationId(1, 2, 3),
        4,
        new AttemptId(5, 6),
        7,
        pin,
        List.of(new Statement.Paused("nobody answers")));
  }

  private static void comesBack(Command command) {
    LogEntry entry = new LogEntry(1, 2, 3, List.of(command, new Command.Mark()));
    assertThat(CommandCodec.decode(CommandCodec.encode(entry))).isEqualTo(entry);
  }
}
