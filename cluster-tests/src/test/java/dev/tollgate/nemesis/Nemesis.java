package dev.tollgate.nemesis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Does harm to a cluster, and notes what it did when. */
final class Nemesis {
    static final String KILLED = "kill -9";
    static final String PAUSED = "pause";
    static final String RESUMED = "resume";
    static final String STOPPED = "stop";
    static final String STARTED = "start";
    static final String CUT = "cut off";
    static final String HEALED = "healed";
    static final String RELOADED = "reload";
    static final String STEPPED = "clock step";

    private final Cluster cluster;
    private final SplittableRandom random;
    private final List<Event> events = new ArrayList<>();

    Nemesis(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new SplittableRandom(seed);
    }

    /** What is done in a round. */
    @FunctionalInterface
    interface Script {
        void run(Nemesis nemesis);
    }

    Cluster cluster() {
        return cluster;
    }

    int anyNode() {
        return 1 + random.nextInt(cluster.nodes().size());
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    void lull(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void lull(int seconds) {
        lull(Duration.ofSeconds(seconds));
    }

    void kill(int node) {
        note(KILLED, node);
        cluster.node(node).kill();
    }

    void stop(int node) {
        note(STOPPED, node);
        cluster.node(node).stop();
    }

    /** Starts a node again, and waits until all see each other. */
    void start(int node) {
        cluster.node(node).start();
        cluster.node(node).awaitServing();
        cluster.awaitWhole();
        note(STARTED, node);
    }

    void pause(int node) {
        note(PAUSED, node);
        cluster.node(node).pause();
    }

    void resume(int node) {
        cluster.node(node).resume();
        note(RESUMED, node);
    }

    void cut(int node) {
        note(CUT, node);
        cluster.network().cut(node);
    }

    void heal(int node) {
        cluster.network().heal(node);
        note(HEALED, node);
    }

    void reload(int edition) {
        note(RELOADED, 0);
        cluster.nodes().forEach(node -> cluster.write(node, edition));
    }

    void step(int node, int seconds) {
        note(STEPPED + " to " + seconds + " s", node);
        WallClock.set(cluster.node(node).config().getParent(), seconds);
    }

    private void note(String what, int node) {
        events.add(new Event(what, node, System.nanoTime()));
    }

    List<Event> events() {
        return List.copyOf(events);
    }
}
