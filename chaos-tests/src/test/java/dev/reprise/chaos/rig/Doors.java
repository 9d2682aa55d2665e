package dev.reprise.chaos.rig;

/** Where clients ask: any node of a cluster, up or not. Any thread. */
public interface Doors {
  /** How many nodes there are; they are numbered from 0. */
  int size();

  IngressClient ingress(int node);

  AdminClient admin(int node);

  ClusterDoor grpc(int node);
}
