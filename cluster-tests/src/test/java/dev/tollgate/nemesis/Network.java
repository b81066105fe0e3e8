package dev.tollgate.nemesis;

import java.util.List;

/** How the nodes of a cluster, their callers and their provider reach each other. Nodes are numbered from 1. */
interface Network {
    /** Where callers reach a node, and what its provider sees as its address. */
    String front(int node);

    int frontPort(int node);

    /** Where the other members reach a node. */
    String member(int node);

    /** Where nodes reach the provider. */
    String hub();

    /** The command that runs another one as a node. */
    List<String> as(int node, List<String> command);

    /** Why members cannot be cut off each other here; empty when they can. */
    String whyItHolds();

    /** Cuts a node off the other members. Callers and the provider stay within reach. */
    void cut(int node);

    void heal(int node);

    /** A network whose parts can be cut apart, where this process has one of its own; else loopback. */
    static Network here(int nodes) {
        String missing = System.getProperty("tollgate.stage.whole", "");
        return missing.isEmpty() ? new Namespaces(nodes) : new Loopback(missing);
    }
}
