package dev.tollgate.bench.micro;

import java.nio.file.Path;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks of this package. */
public final class MicroBenchmarks {
    private MicroBenchmarks() {}

    /**
     * Runs those whose name has some text in it.
     *
     * @param only the text; empty for all of them
     * @param seconds how long each is measured, five times
     * @param results the file for the results, as text
     */
    public static void run(String only, int seconds, Path results) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(MicroBenchmarks.class.getPackageName() + ".*" + only)
                        .measurementTime(TimeValue.seconds(seconds))
                        .resultFormat(ResultFormatType.TEXT)
                        .result(results.toString())
                        .build())
                .run();
    }
}
