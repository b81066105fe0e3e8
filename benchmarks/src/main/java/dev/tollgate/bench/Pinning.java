package dev.tollgate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One processor for what stands in the middle and the others for load and provider, so that neither takes time from the
 * other; by {@code taskset}, where there is one.
 */
final class Pinning {
    private final boolean pinned;

    private Pinning(boolean pinned) {
        this.pinned = pinned;
    }

    static Pinning none() {
        return new Pinning(false);
    }

    /** Puts this process, and what it starts, on all processors but the first. */
    static Pinning apart() throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        if (processors < 2 || Programs.find("taskset").isEmpty()) {
            return none();
        }
        String others = processors == 2 ? "1" : "1-" + (processors - 1);
        String self = Long.toString(ProcessHandle.current().pid());
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", others, self)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Pinning(taskset.waitFor() == 0);
    }

    /** The command that runs on the processor kept for it. */
    List<String> middle(List<String> command) {
        if (!pinned) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of("taskset", "-c", "0"));
        all.addAll(command);
        return all;
    }

    boolean pinned() {
        return pinned;
    }
}
