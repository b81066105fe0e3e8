package dev.tollgate.nemesis;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Calls at a steady rate, whatever becomes of them: to random nodes, by random subjects. */
final class Load implements AutoCloseable {
    private static final long TICK_MICROS = 4_000;

    private final Callers callers;
    private final List<Subject> subjects;
    private final int nodes;
    private final double perTick;
    private final SplittableRandom random;
    private final ScheduledExecutorService ticks;
    private double due;

    Load(Callers callers, List<Subject> subjects, int nodes, int perSecond, long seed) {
        this.callers = callers;
        this.subjects = subjects;
        this.nodes = nodes;
        this.perTick = perSecond * TICK_MICROS / 1e6;
        this.random = new SplittableRandom(seed);
        this.ticks = Executors.newSingleThreadScheduledExecutor();
    }

    void start() {
        ScheduledFuture<?> unused =
                ticks.scheduleAtFixedRate(() -> Stage.orDie(this::tick), 0, TICK_MICROS, TimeUnit.MICROSECONDS);
    }

    private void tick() {
        for (due += perTick; due >= 1; due--) {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            Supplier<Ask> ask = () -> subject.kind() == Subject.Kind.SLOTS
                    ? Ask.plain(callers.nextId(), subject.name(), 100 + random.nextInt(200))
                    : Ask.random(callers.nextId(), subject.name(), random);
            callers.callUnlessBuried(1 + random.nextInt(nodes), subject, ask.get());
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        try {
            ticks.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
