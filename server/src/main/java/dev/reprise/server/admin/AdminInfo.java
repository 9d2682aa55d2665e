package dev.reprise.server.admin;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the admin API says of the node and its cluster.
 *
 * @param version of Reprise
 * @param ingressEndpoint where clients reach the ingress, such as {@code http://127.0.0.1:8080/}
 * @param features what is on, of those that clients of this API ask for by name
 * @param metadataMembers numbers of the nodes that keep the metadata; any thread
 */
public record AdminInfo(
    String version,
    String clusterName,
    String ingressEndpoint,
    Set<String> features,
    Supplier<List<Integer>> metadataMembers) {}
