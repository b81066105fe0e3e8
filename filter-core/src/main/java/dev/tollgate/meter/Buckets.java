package dev.tollgate.meter;

/** Upper bounds of histogram buckets. */
final class Buckets {
    /** Seconds of AI calls, which take from milliseconds to the ten minutes they are allowed. */
    static final double[] CALL = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600};

    /** Seconds that the gateway itself adds. */
    static final double[] OVERHEAD = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1};

    /** Tokens, as the OpenTelemetry conventions advise. */
    static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    /** Seconds to the first token, as the OpenTelemetry conventions advise, and beyond their ten seconds. */
    static final double[] FIRST_TOKEN = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 60
    };

    private Buckets() {}
}
