package dev.tollgate.nemesis;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a call wants of the provider. It stands in the call's own text, so that it reaches the provider with the call.
 *
 * @param id of the call
 * @param output how many tokens are answered
 * @param millis how long the answer takes
 */
record Ask(long id, String subject, Manner manner, boolean streamed, int output, int cached, int millis, int padding) {
    static final int MAX_TOKENS = 64;
    private static final Pattern TEXT = Pattern.compile(
            "call=(\\d+) of=(\\S+) manner=(\\S+) streamed=(\\S+) output=(\\d+) cached=(\\d+) millis=(\\d+) padding=(\\d+)");

    /** How the provider behaves. */
    enum Manner {
        WELL,
        /** The first provider answers 500, the next one well. */
        BREAKS,
        /** The first provider does not answer at all, the next one well. */
        HANGS,
        /** The answer says nothing of usage. */
        SILENT,
        /** The caller leaves in the middle of the answer. */
        LEFT
    }

    static Ask random(long id, String subject, RandomGenerator random) {
        int dice = random.nextInt(1000);
        Manner manner = dice < 30
                ? Manner.BREAKS
                : dice < 35 ? Manner.HANGS : dice < 45 ? Manner.SILENT : dice < 55 ? Manner.LEFT : Manner.WELL;
        return new Ask(
                id,
                subject,
                manner,
                random.nextBoolean(),
                1 + random.nextInt(MAX_TOKENS),
                random.nextInt(3) == 0 ? random.nextInt(20) : 0,
                manner == Manner.LEFT ? 100 : random.nextInt(40),
                random.nextInt(400));
    }

    static Ask plain(long id, String subject, int millis) {
        return new Ask(id, subject, Manner.WELL, false, MAX_TOKENS, 0, millis, 0);
    }

    static Ask in(String body) {
        Matcher found = TEXT.matcher(body);
        if (!found.find()) {
            throw new IllegalArgumentException("no call of ours: " + body);
        }
        return new Ask(
                Long.parseLong(found.group(1)),
                found.group(2),
                Manner.valueOf(found.group(3)),
                Boolean.parseBoolean(found.group(4)),
                Integer.parseInt(found.group(5)),
                Integer.parseInt(found.group(6)),
                Integer.parseInt(found.group(7)),
                Integer.parseInt(found.group(8)));
    }

    private String text() {
        return "call=" + id + " of=" + subject + " manner=" + manner + " streamed=" + streamed + " output=" + output
                + " cached=" + cached + " millis=" + millis + " padding=" + padding + " " + "abcd ".repeat(padding / 5);
    }

    /** Input tokens as the provider counts them: fewer than anyone would estimate from the text. */
    int input() {
        return 20 + cached + padding / 8;
    }

    String body() {
        return "{\"model\":\"m\",\"max_tokens\":" + MAX_TOKENS + (streamed ? ",\"stream\":true" : "")
                + (streamed && id % 2 == 0 ? ",\"stream_options\":{\"include_usage\":true}" : "")
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text() + "\"}]}";
    }
}
