package dev.tollgate.stream;

import dev.tollgate.dialect.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event-stream grammar read the slow and obvious way, from a whole text: the measure for {@link SseReader}. */
final class PlainSse {
    private PlainSse() {}

    /** The frames that say something. */
    static List<Frame> frames(String stream) {
        String text = stream.startsWith("\ufeff") ? stream.substring(1) : stream;
        List<Frame> frames = new ArrayList<>();
        List<String> data = new ArrayList<>();
        String event = null;
        List<String> lines = new ArrayList<>(List.of(text.split("\r\n|\r|\n", -1)));
        lines.remove(lines.size() - 1);
        for (String line : lines) {
            if (line.isEmpty()) {
                addFrame(frames, data, event);
                data.clear();
                event = null;
            } else {
                int colon = line.indexOf(':') < 0 ? line.length() : line.indexOf(':');
                String value = line.substring(Math.min(line.length(), colon + 1));
                value = value.startsWith(" ") ? value.substring(1) : value;
                if (line.substring(0, colon).equals("data")) {
                    data.add(value);
                } else if (line.substring(0, colon).equals("event")) {
                    event = value.isEmpty() ? null : value;
                }
            }
        }
        return frames;
    }

    private static void addFrame(List<Frame> frames, List<String> data, @Nullable String event) {
        if (!data.isEmpty() && (event != null || !String.join("\n", data).isEmpty())) {
            frames.add(new Frame(event, String.join("\n", data)));
        }
    }
}
