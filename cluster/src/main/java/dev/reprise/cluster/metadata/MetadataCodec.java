package dev.reprise.cluster.metadata;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.membership.ClusterCodec;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataCommand.ModifyService;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.RemoveDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.UpdateDeployment;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of the metadata log and of its stored state. The first byte of each is its format
 * version; numbers of commands are given once and never again.
 *
 * <pre>
 * entry        version | request (16 bytes) | command number | command
 * head row     version | applied term | applied index | registry version
 * deployment   version | deployment
 * cluster      version | view
 * rule book    version | version of the book | rules
 * </pre>
 */
final class MetadataCodec {
  private static final int VERSION = 2;
  private static final int REGISTER_DEPLOYMENT = 1;
  private static final int UPDATE_DEPLOYMENT = 2;
  private static final int REMOVE_DEPLOYMENT = 3;
  private static final int MODIFY_SERVICE = 4;
  private static final int CHANGE_CLUSTER = 20;
  private static final int PUT_RULES = 5;
  private static final int DELETE_RULES = 6;
  private static final int CATCH_UP = 7;

  private MetadataCodec() {}

  /** Which proposal an entry is: 128 bits drawn by whoever proposed it. */
  record Request(long high, long low) {}

  record Entry(Request request, MetadataCommand command) {}

  record Head(LogPosition applied, long registryVersion) {}

  static byte[] entry(Entry entry) {
    ByteWriter out = new ByteWriter();
    out.uint8(VERSION).uint64(entry.request().high()).uint64(entry.request().low());
    switch (entry.command()) {
      case RegisterDeployment register -> {
        out.uint8(REGISTER_DEPLOYMENT).bool(register.force()).bool(register.breaking());
        DeploymentCodec.write(out, register.deployment());
      }
      case UpdateDeployment update -> write(out, update);
      case RemoveDeployment remove ->
          out.uint8(REMOVE_DEPLOYMENT).string(remove.id()).bool(remove.force());
      case ModifyService modify -> {
        out.uint8(MODIFY_SERVICE).string(modify.service());
        OptionsCodec.write(out, modify.changes());
      }
      case ChangeCluster change -> ClusterCodec.write(out.uint8(CHANGE_CLUSTER), change.change());
      case MetadataCommand.PutRules put -> {
        out.uint8(PUT_RULES);
        RuleCodec.put(put, out);
      }
      case MetadataCommand.DeleteRules delete -> {
        out.uint8(DELETE_RULES);
        RuleCodec.delete(delete, out);
      }
      case MetadataCommand.CatchUp catchUp -> out.uint8(CATCH_UP);
    }
    return out.toBytes();
  }

  static Entry entry(byte[] bytes) {
    ByteReader in = versioned(bytes, "metadata entry");
    Request request = new Request(in.uint64(), in.uint64());
    int number = in.uint8();
    MetadataCommand command =
        switch (number) {
          case REGISTER_DEPLOYMENT -> register(in);
          case UPDATE_DEPLOYMENT -> update(in);
          case REMOVE_DEPLOYMENT -> new RemoveDeployment(in.string(), in.bool());
          case MODIFY_SERVICE -> new ModifyService(in.string(), OptionsCodec.read(in));
          case CHANGE_CLUSTER -> new ChangeCluster(ClusterCodec.readCommand(in));
          case PUT_RULES -> RuleCodec.put(in);
          case DELETE_RULES -> RuleCodec.delete(in);
          case CATCH_UP -> new MetadataCommand.CatchUp();
          default ->
              throw new StorageException(
                  "Expected a known metadata command, but got number " + number);
        };
    in.expectEnd();
    return new Entry(request, command);
  }

  private static RegisterDeployment register(ByteReader in) {
    boolean force = in.bool();
    boolean breaking = in.bool();
    return new RegisterDeployment(DeploymentCodec.read(in), force, breaking);
  }

  private static void write(ByteWriter out, UpdateDeployment update) {
    out.uint8(UPDATE_DEPLOYMENT).string(update.id()).bool(update.address() != null);
    if (update.address() != null) {
      DeploymentCodec.writeAddress(out, update.address());
    }
    out.bool(update.headers() != null);
    if (update.headers() != null) {
      DeploymentCodec.writeMap(out, update.headers());
    }
    out.bool(update.found() != null);
    if (update.found() != null) {
      DeploymentCodec.write(out, update.found());
    }
    out.bool(update.overwrite());
  }

  private static UpdateDeployment update(ByteReader in) {
    return new UpdateDeployment(
        in.string(),
        in.bool() ? DeploymentCodec.readAddress(in) : null,
        in.bool() ? DeploymentCodec.readMap(in) : null,
        in.bool() ? DeploymentCodec.read(in) : null,
        in.bool());
  }

  static byte[] head(Head head) {
    return new ByteWriter()
        .uint8(VERSION)
        .varint(head.applied().term())
        .varint(head.applied().index())
        .varint(head.registryVersion())
        .toBytes();
  }

  static Head head(byte[] bytes) {
    ByteReader in = versioned(bytes, "metadata head");
    Head head = new Head(new LogPosition(in.varint(), in.varint()), in.varint());
    in.expectEnd();
    return head;
  }

  static byte[] deployment(Deployment deployment) {
    ByteWriter out = new ByteWriter().uint8(VERSION);
    DeploymentCodec.write(out, deployment);
    return out.toBytes();
  }

  static Deployment deployment(byte[] bytes) {
    ByteReader in = versioned(bytes, "deployment");
    Deployment deployment = DeploymentCodec.read(in);
    in.expectEnd();
    return deployment;
  }

  static byte[] cluster(ClusterView view) {
    ByteWriter out = new ByteWriter().uint8(VERSION);
    ClusterCodec.write(out, view);
    return out.toBytes();
  }

  static ClusterView cluster(byte[] bytes) {
    ByteReader in = versioned(bytes, "cluster's description");
    ClusterView view = ClusterCodec.readView(in);
    in.expectEnd();
    return view;
  }

  static byte[] ruleBook(RuleBook book) {
    ByteWriter out = new ByteWriter().uint8(VERSION);
    out.varint(book.version()).varint(book.rules().size());
    book.rules().values().forEach(it -> RuleCodec.rule(it, out));
    return out.toBytes();
  }

  static RuleBook ruleBook(byte[] bytes) {
    ByteReader in = versioned(bytes, "rule book");
    long version = in.varint();
    List<RuleBook.Rule> rules = new ArrayList<>();
    for (int left = in.varint(in.remaining()); left > 0; left--) {
      rules.add(RuleCodec.rule(in));
    }
    in.expectEnd();
    return new RuleBook(version, rules);
  }

  private static ByteReader versioned(byte[] bytes, String what) {
    ByteReader in = new ByteReader(bytes);
    int version = in.uint8();
    if (version != VERSION) {
      throw new StorageException(
          "Expected a " + what + " of format " + VERSION + ", but got format " + version);
    }
    return in;
  }
}
