package dev.tollgate.nemesis;

import dev.tollgate.nemesis.Nemesis.Script;

/** What happens to a cluster under load. */
@SuppressWarnings("ImmutableEnumChecker")
enum Scenario {
    CALM(3, "no fault", nemesis -> nemesis.lull(10)),

    KILL(3, "kill -9 of a member, which comes back", nemesis -> {
        int node = nemesis.anyNode();
        nemesis.kill(node);
        nemesis.lull(8);
        nemesis.start(node);
        nemesis.lull(4);
    }),

    PAUSE(3, "SIGSTOP of a member for 8 s", nemesis -> pause(nemesis, 8)),

    SHORT_PAUSE(3, "SIGSTOP of a member for 1 to 4 s, three times", nemesis -> {
        for (int time = 0; time < 3; time++) {
            pause(nemesis, nemesis.between(1, 4));
        }
    }),

    LONG_PAUSE(3, "SIGSTOP of a member for 30 s", nemesis -> pause(nemesis, 30)),

    RESTART(3, "a member is stopped and started again", nemesis -> restart(nemesis, nemesis.anyNode())),

    ROLLING(3, "all members are restarted, one after the other", nemesis -> {
        for (int node = 1; node <= nemesis.cluster().nodes().size(); node++) {
            restart(nemesis, node);
        }
    }),

    RELOAD(3, "the configuration is changed each second", nemesis -> {
        for (int edition = 1; edition <= 15; edition++) {
            nemesis.reload(edition);
            nemesis.lull(1);
        }
    }),

    CLOCKS(3, "members' wall clocks jump by up to two minutes, both ways", nemesis -> {
        for (int time = 0; time < 5; time++) {
            nemesis.step(nemesis.anyNode(), nemesis.between(-120, 120));
            nemesis.lull(4);
        }
        nemesis.cluster().awaitWhole();
    }),

    PARTITION(3, "one member of three is cut off for 15 s", nemesis -> cut(nemesis, 15)),

    FLAPPING(3, "one member of three is cut off four times, for 1 to 9 s", nemesis -> {
        for (int time = 0; time < 4; time++) {
            cut(nemesis, nemesis.between(1, 9));
        }
    }),

    TWO(2, "two members lose each other for 12 s", nemesis -> cut(nemesis, 12)),

    MIXED(3, "one fault after the other, at random", nemesis -> {
        for (int time = 0; time < 5; time++) {
            mixed(nemesis);
        }
    });

    private final int nodes;
    private final String what;
    private final Script script;

    Scenario(int nodes, String what, Script script) {
        this.nodes = nodes;
        this.what = what;
        this.script = script;
    }

    int nodes() {
        return nodes;
    }

    String what() {
        return what;
    }

    void run(Nemesis nemesis) {
        script.run(nemesis);
    }

    boolean cuts() {
        return this == PARTITION || this == FLAPPING || this == TWO || this == MIXED;
    }

    boolean setsClocks() {
        return this == CLOCKS;
    }

    private static void pause(Nemesis nemesis, int seconds) {
        int node = nemesis.anyNode();
        nemesis.pause(node);
        nemesis.lull(seconds);
        nemesis.resume(node);
        nemesis.lull(5);
        nemesis.cluster().awaitWhole();
    }

    private static void restart(Nemesis nemesis, int node) {
        nemesis.stop(node);
        nemesis.start(node);
        nemesis.lull(3);
    }

    private static void cut(Nemesis nemesis, int seconds) {
        int node = nemesis.anyNode();
        nemesis.cut(node);
        nemesis.lull(seconds);
        nemesis.heal(node);
        nemesis.lull(5);
        nemesis.cluster().awaitWhole();
    }

    private static void mixed(Nemesis nemesis) {
        switch (nemesis.between(1, 4)) {
            case 1 -> KILL.run(nemesis);
            case 2 -> pause(nemesis, nemesis.between(1, 12));
            case 3 -> restart(nemesis, nemesis.anyNode());
            default -> cut(nemesis, nemesis.between(1, 12));
        }
    }
}
