package dev.tollgate.nemesis;

import java.util.List;

/** All nodes on loopback, told apart by ports: nothing can be cut. */
record Loopback(String whyItHolds) implements Network {
    private static final int FRONT = 18_080;
    private static final int MEMBER = 15_701;

    @Override
    public String front(int node) {
        return "127.0.0.1";
    }

    @Override
    public int frontPort(int node) {
        return FRONT + node;
    }

    @Override
    public String member(int node) {
        return "127.0.0.1:" + (MEMBER + node);
    }

    @Override
    public String hub() {
        return "127.0.0.1";
    }

    @Override
    public List<String> as(int node, List<String> command) {
        return command;
    }

    @Override
    public void cut(int node) {
        throw new UnsupportedOperationException(whyItHolds);
    }

    @Override
    public void heal(int node) {
        throw new UnsupportedOperationException(whyItHolds);
    }
}
