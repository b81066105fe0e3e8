package dev.tollgate.health;

import dev.tollgate.health.Verdict.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other, as text: of whom, what, and for how long.
 *
 * @param topic what is told of
 * @param model empty where all models of the provider are meant
 * @param kind why a credential is let be, or null where it no longer is, or a circuit is told of
 * @param left how long; zero where it is over
 * @param isSaid whether the provider itself has said how long, or that it is pointless
 */
record HintText(
        Topic topic,
        String provider,
        String model,
        String credential,
        @Nullable Kind kind,
        Duration left,
        boolean isSaid) {
    private static final Duration MOST = Duration.ofHours(1);

    /** How long the end of something is told: until all have heard of it. */
    private static final Duration OVER = Duration.ofSeconds(10);

    /** What is told of. */
    enum Topic {
        /** A target's circuit with one credential. */
        CIRCUIT,
        /** What is left of a provider's limits for one target and credential. */
        LIMIT,
        /** A credential at all targets. */
        CREDENTIAL
    }

    String subject() {
        return String.join("\n", topic.name(), provider, model, credential);
    }

    String text() {
        return (kind == null ? "-" : kind.name()) + " " + left.toMillis() + " " + isSaid;
    }

    Duration life() {
        return left.isZero() ? OVER : left;
    }

    /** Reads what another node has told; empty for what cannot be read, be it of another version. */
    static Optional<HintText> read(String subject, String text) {
        String[] whom = subject.split("\n", -1);
        String[] what = text.split(" ", -1);
        if (whom.length != 4 || what.length != 3 || !what[1].matches("\\d{1,9}")) {
            return Optional.empty();
        }
        try {
            Duration left = Duration.ofMillis(Long.parseLong(what[1]));
            return Optional.of(new HintText(
                    Topic.valueOf(whom[0]),
                    whom[1],
                    whom[2],
                    whom[3],
                    what[0].equals("-") ? null : Kind.valueOf(what[0]),
                    left.compareTo(MOST) > 0 ? MOST : left,
                    Boolean.parseBoolean(what[2])));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
