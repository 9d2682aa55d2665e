package dev.reprise.server.internode;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.internode.v1.Question.LevelsAfter;
import dev.reprise.api.internode.v1.Question.PageOf;
import dev.reprise.api.internode.v1.Question.Peek;
import dev.reprise.api.internode.v1.Question.StateOf;
import dev.reprise.api.internode.v1.Question.UsesOf;
import dev.reprise.cluster.codec.CommandCodec;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.partition.Question;
import dev.reprise.storage.codec.NewInvocationCodec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import org.jspecify.annotations.Nullable;

/** Questions as messages and back. */
final class QuestionMessages {
  private QuestionMessages() {}

  /**
   * The message.
   *
   * @throws IllegalArgumentException if a part of it cannot be written down
   */
  static dev.reprise.api.internode.v1.Question write(long id, int partition, Question question) {
    dev.reprise.api.internode.v1.Question.Builder out =
        dev.reprise.api.internode.v1.Question.newBuilder().setId(id).setPartition(partition);
    switch (question) {
      case Question.Submit it -> out.setSubmit(bytes(it.invocation()));
      case Question.Call it -> out.setCall(bytes(it.invocation()));
      case Question.Attach it -> out.setAttach(bytes(it.id()));
      case Question.Output it -> out.setOutput(bytes(it.id()));
      case Question.Find it -> out.setFind(bytes(it.id()));
      case Question.Peek it ->
          out.setPeek(Peek.newBuilder().setWorkflow(bytes(it.workflow())).setPromise(it.key()));
      case Question.State it ->
          out.setState(
              StateOf.newBuilder().setObject(bytes(it.object())).setLimitBytes(it.limitBytes()));
      case Question.Page it -> out.setPage(page(it));
      case Question.Levels it -> out.setLevels(levels(it));
      case Question.Uses it -> out.setUses(uses(it));
      case Question.Describe it -> out.setDescribe(bytes(it.id()));
      case Question.Change it -> out.setChange(bytes(it.command()));
      case Question.Deliver it -> out.setDeliver(bytes(it.messages()));
    }
    return out.build();
  }

  private static PageOf page(Question.Page page) {
    InvocationId after = page.after();
    return PageOf.newBuilder()
        .setCompleted(page.completed())
        .setService(page.service())
        .setAfter(after == null ? ByteString.EMPTY : bytes(after))
        .setLimit(page.limit())
        .build();
  }

  private static LevelsAfter levels(Question.Levels levels) {
    return LevelsAfter.newBuilder()
        .setAfter(ViewMessages.bytesOrEmpty(levels.after()))
        .setLimit(levels.limit())
        .setRulesVersion(levels.rulesVersion())
        .build();
  }

  private static UsesOf uses(Question.Uses uses) {
    InvocationId after = uses.after();
    return UsesOf.newBuilder()
        .setDeployment(uses.deployment())
        .setRegistryVersion(uses.registryVersion())
        .setAfter(after == null ? ByteString.EMPTY : bytes(after))
        .build();
  }

  static ByteString bytes(InvocationId id) {
    ByteWriter out = new ByteWriter();
    Parts.id(id, out);
    return wrap(out);
  }

  private static ByteString bytes(ObjectId object) {
    ByteWriter out = new ByteWriter();
    Parts.object(object, out);
    return wrap(out);
  }

  private static ObjectId object(ByteString bytes) {
    return Parts.whole("an object's name", () -> Parts.object(reader(bytes)));
  }

  private static ByteString bytes(NewInvocation invocation) {
    ByteWriter out = new ByteWriter();
    NewInvocationCodec.INSTANCE.write(invocation, out);
    return wrap(out);
  }

  private static ByteString bytes(Command command) {
    ByteWriter out = new ByteWriter();
    CommandCodec.write(command, out);
    return wrap(out);
  }

  static ByteString wrap(ByteWriter out) {
    return UnsafeByteOperations.unsafeWrap(out.toBytes());
  }

  static ByteReader reader(ByteString bytes) {
    return new ByteReader(bytes.toByteArray());
  }

  static InvocationId id(ByteString bytes) {
    return Parts.whole("an invocation's id", () -> Parts.id(reader(bytes)));
  }

  static @Nullable InvocationId idOrNull(ByteString bytes) {
    return bytes.isEmpty() ? null : id(bytes);
  }

  /**
   * The question.
   *
   * @throws RuntimeException if this version cannot read it
   */
  static Question read(dev.reprise.api.internode.v1.Question in) {
    return switch (in.getAskedCase()) {
      case SUBMIT -> new Question.Submit(invocation(in.getSubmit()));
      case CALL -> new Question.Call(invocation(in.getCall()));
      case ATTACH -> new Question.Attach(id(in.getAttach()));
      case OUTPUT -> new Question.Output(id(in.getOutput()));
      case FIND -> new Question.Find(id(in.getFind()));
      case PEEK -> new Question.Peek(object(in.getPeek().getWorkflow()), in.getPeek().getPromise());
      case STATE ->
          new Question.State(object(in.getState().getObject()), in.getState().getLimitBytes());
      case PAGE ->
          new Question.Page(
              in.getPage().getCompleted(),
              in.getPage().getService(),
              idOrNull(in.getPage().getAfter()),
              in.getPage().getLimit());
      case LEVELS ->
          new Question.Levels(
              ViewMessages.levelOrNull(in.getLevels().getAfter()),
              in.getLevels().getLimit(),
              in.getLevels().getRulesVersion());
      case USES ->
          new Question.Uses(
              in.getUses().getDeployment(),
              in.getUses().getRegistryVersion(),
              idOrNull(in.getUses().getAfter()));
      case DESCRIBE -> new Question.Describe(id(in.getDescribe()));
      case CHANGE -> new Question.Change(CommandCodec.decodeCommand(in.getChange().toByteArray()));
      case DELIVER -> deliver(in.getDeliver());
      case ASKED_NOT_SET ->
          throw new IllegalArgumentException(
              "Expected a question that this version knows, but got none");
    };
  }

  private static Question deliver(ByteString bytes) {
    if (CommandCodec.decodeCommand(bytes.toByteArray()) instanceof Command.Deliver messages) {
      return new Question.Deliver(messages);
    }
    throw new IllegalArgumentException("Expected messages of a partition, but got another command");
  }

  private static NewInvocation invocation(ByteString bytes) {
    return Parts.whole("a new invocation", () -> NewInvocationCodec.INSTANCE.read(reader(bytes)));
  }
}
