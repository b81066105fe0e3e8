package dev.tollgate.dialect;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** A stream of neutral events in which the pieces of several tool calls come in any order that keeps each call's own. */
record Interleaved(List<String> arguments, List<StreamEvent> events) {

    static Interleaved of(List<String> arguments, boolean endsAreTold, long seed) {
        Random random = new Random(seed);
        List<Deque<StreamEvent>> calls = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            calls.add(call(i + 1, arguments.get(i), endsAreTold, random));
        }
        List<StreamEvent> events = new ArrayList<>();
        events.add(new StreamEvent.Start("id", "m", 1L, null, Extras.NONE));
        events.add(new StreamEvent.TextDelta(0, 0, "Let me see."));
        while (!calls.isEmpty()) {
            Deque<StreamEvent> call = calls.get(random.nextInt(calls.size()));
            events.add(call.remove());
            calls.removeIf(Deque::isEmpty);
        }
        events.add(new StreamEvent.Finish(
                0, new FinishReason(FinishReason.Kind.TOOL_CALLS, "tool_calls", ""), Extras.NONE));
        events.add(new StreamEvent.Done());
        return new Interleaved(arguments, events);
    }

    private static Deque<StreamEvent> call(int part, String json, boolean endIsTold, Random random) {
        Deque<StreamEvent> pieces = new ArrayDeque<>();
        pieces.add(new StreamEvent.ToolCallStart(0, part, "call_" + part, "tool" + part));
        for (int from = 0; from < json.length(); ) {
            int to = Math.min(json.length(), from + 1 + random.nextInt(8));
            pieces.add(new StreamEvent.ToolCallDelta(0, part, json.substring(from, to)));
            from = to;
        }
        if (endIsTold) {
            pieces.add(new StreamEvent.PartEnd(0, part));
        }
        return pieces;
    }
}
