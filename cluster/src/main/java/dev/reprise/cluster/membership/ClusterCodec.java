package dev.reprise.cluster.membership;

import dev.reprise.cluster.membership.ClusterCommand.Found;
import dev.reprise.cluster.membership.ClusterCommand.Join;
import dev.reprise.cluster.membership.ClusterCommand.Know;
import dev.reprise.cluster.membership.ClusterCommand.Newcomer;
import dev.reprise.cluster.membership.ClusterCommand.Place;
import dev.reprise.cluster.membership.ClusterCommand.Remove;
import dev.reprise.cluster.membership.ClusterCommand.Replicate;
import dev.reprise.cluster.membership.ClusterCommand.Settle;
import dev.reprise.cluster.membership.ClusterCommand.Stand;
import dev.reprise.cluster.membership.Member.Standing;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The bytes of the cluster's description and of the commands that change it. Numbers of commands
 * and standings are given once and never again.
 *
 * <pre>
 * view      version | name | fingerprint | next node | replication | rules | members | partitions
 * member    id | generation | name | zone | standing | node, raft, internode address | rules
 * partition number | version | settled | replicas
 * command   number | fields
 * </pre>
 */
public final class ClusterCodec {
  private static final int FOUND = 1;
  private static final int JOIN = 2;
  private static final int STAND = 3;
  private static final int REMOVE = 4;
  private static final int PLACE = 5;
  private static final int SETTLE = 6;
  private static final int REPLICATE = 7;
  private static final int KNOW = 12;

  private static final int ACTIVE = 1;
  private static final int DRAINING = 2;

  private ClusterCodec() {}

  /** Writes a command. */
  public static void write(ByteWriter out, ClusterCommand command) {
    switch (command) {
      case Found found -> {
        out.uint8(FOUND).string(found.name()).string(found.fingerprint());
        write(out, found.first());
        out.varint(found.partitions()).varint(found.replication());
      }
      case Join join -> write(out.uint8(JOIN), join.newcomer());
      case Stand stand ->
          out.uint8(STAND).varint(stand.node().number()).uint8(number(stand.standing()));
      case Remove remove -> out.uint8(REMOVE).varint(remove.node().number());
      case Place place -> {
        out.uint8(PLACE).varint(place.partition()).varint(place.version());
        writeReplicas(out, place.replicas());
      }
      case Settle settle -> out.uint8(SETTLE).varint(settle.partition()).varint(settle.version());
      case Replicate replicate -> out.uint8(REPLICATE).varint(replicate.replication());
      case Know know ->
          out.uint8(KNOW)
              .varint(know.replica().node().number())
              .varint(know.replica().generation())
              .varint(know.rules());
    }
  }

  /**
   * Reads a command.
   *
   * @throws StorageException if the bytes make no sense
   */
  public static ClusterCommand readCommand(ByteReader in) {
    return Parts.whole("a command of the cluster", () -> command(in));
  }

  private static ClusterCommand command(ByteReader in) {
    int number = in.uint8();
    return switch (number) {
      case FOUND -> new Found(in.string(), in.string(), readNewcomer(in), integer(in), integer(in));
      case JOIN -> new Join(readNewcomer(in));
      case STAND -> new Stand(new NodeId(integer(in)), standing(in.uint8()));
      case REMOVE -> new Remove(new NodeId(integer(in)));
      case PLACE -> new Place(integer(in), in.varint(), readReplicas(in));
      case SETTLE -> new Settle(integer(in), in.varint());
      case REPLICATE -> new Replicate(integer(in));
      case KNOW -> new Know(new ReplicaId(new NodeId(integer(in)), integer(in)), integer(in));
      default ->
          throw new StorageException(
              "Expected a known command of the cluster, but got number " + number);
    };
  }

  /** Writes a view. */
  public static void write(ByteWriter out, ClusterView view) {
    out.varint(view.version()).string(view.name()).string(view.fingerprint());
    out.varint(view.nextNode()).varint(view.replication()).varint(view.rules());
    out.varint(view.members().size());
    for (Member member : view.members()) {
      out.varint(member.id().number()).varint(member.generation());
      out.string(member.name()).string(member.zone()).uint8(number(member.standing()));
      write(out, member.addresses());
      out.varint(member.rules());
    }
    out.varint(view.partitions().size());
    for (PartitionReplicas partition : view.partitions()) {
      out.varint(partition.partition()).varint(partition.version()).bool(partition.settled());
      writeReplicas(out, partition.replicas());
    }
  }

  /**
   * Reads a view.
   *
   * @throws StorageException if the bytes make no sense
   */
  public static ClusterView readView(ByteReader in) {
    return Parts.whole("a description of the cluster", () -> view(in));
  }

  private static ClusterView view(ByteReader in) {
    return new ClusterView(
        in.varint(),
        in.string(),
        in.string(),
        integer(in),
        integer(in),
        integer(in),
        list(in, () -> readMember(in)),
        list(in, () -> readPartition(in)));
  }

  private static Member readMember(ByteReader in) {
    return new Member(
        new NodeId(integer(in)),
        integer(in),
        in.string(),
        in.string(),
        standing(in.uint8()),
        readAddresses(in),
        integer(in));
  }

  private static PartitionReplicas readPartition(ByteReader in) {
    int number = integer(in);
    long version = in.varint();
    boolean settled = in.bool();
    return new PartitionReplicas(number, version, readReplicas(in), settled);
  }

  private static void write(ByteWriter out, Newcomer newcomer) {
    out.string(newcomer.name()).string(newcomer.zone());
    write(out, newcomer.addresses());
    out.varint(newcomer.rules());
  }

  private static Newcomer readNewcomer(ByteReader in) {
    return new Newcomer(in.string(), in.string(), readAddresses(in), integer(in));
  }

  private static void write(ByteWriter out, Member.Addresses addresses) {
    write(out, addresses.node());
    write(out, addresses.raft());
    write(out, addresses.internode());
  }

  private static Member.Addresses readAddresses(ByteReader in) {
    return new Member.Addresses(readAddress(in), readAddress(in), readAddress(in));
  }

  private static void write(ByteWriter out, Address address) {
    out.string(address.host()).uint16(address.port());
  }

  private static Address readAddress(ByteReader in) {
    return new Address(in.string(), in.uint16());
  }

  private static void writeReplicas(ByteWriter out, List<ReplicaId> replicas) {
    out.varint(replicas.size());
    for (ReplicaId replica : replicas) {
      out.varint(replica.node().number()).varint(replica.generation());
    }
  }

  private static List<ReplicaId> readReplicas(ByteReader in) {
    return list(in, () -> new ReplicaId(new NodeId(integer(in)), integer(in)));
  }

  private static <T> List<T> list(ByteReader in, Supplier<T> each) {
    int size = integer(in);
    List<T> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(each.get());
    }
    return all;
  }

  private static int integer(ByteReader in) {
    return in.varint(Integer.MAX_VALUE);
  }

  private static int number(Standing standing) {
    return switch (standing) {
      case ACTIVE -> ACTIVE;
      case DRAINING -> DRAINING;
    };
  }

  private static Standing standing(int number) {
    return switch (number) {
      case ACTIVE -> Standing.ACTIVE;
      case DRAINING -> Standing.DRAINING;
      default -> throw new StorageException("Expected a known standing, but got " + number);
    };
  }
}
