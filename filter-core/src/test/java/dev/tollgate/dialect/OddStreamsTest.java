package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Targets;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams as no documentation has them and some servers send them. */
class OddStreamsTest {
    private static final String HEAD = "{'id':'c','object':'chat.completion.chunk','created':1,'model':'m','choices':[";
    private static final String USED = "],'usage':{'prompt_tokens':7,'completion_tokens':3,'total_tokens':10}}";

    private final Dialects dialects = new Dialects(InstantSource.system());

    /** What comes out for a caller, or a failure. */
    private List<Frame> through(String target, String caller, List<Frame> frames) throws BadAnswer {
        Dialect callers = dialects.byId(caller);
        Translation.Streamed streamed = Translations.of(
                new Passage(
                        callers,
                        dialects.byId(target),
                        Way.chat(target, "/chat"),
                        Targets.of("any", target, "m", Quirks.NONE),
                        4096,
                        true,
                        Framings.SSE,
                        "call",
                        List.of()),
                JsonDocument.parse(Json.write(
                        callers.writeRequest(Streams.request(callers), new WriteTerms(Quirks.NONE, "any", 4096)))))
                .stream(Framings.SSE);
        List<Frame> out = new ArrayList<>();
        FrameReader reader = Framings.SSE.reader();
        for (Frame frame : frames) {
            for (ByteBuffer bytes :
                    streamed.accept(frame, SseFrames.encode(frame)).out()) {
                reader.feed(bytes, (one, raw) -> out.add(one));
            }
        }
        for (ByteBuffer bytes : streamed.end()) {
            reader.feed(bytes, (one, raw) -> out.add(one));
        }
        if (!streamed.complete()) {
            throw new BadAnswer("not complete");
        }
        return out;
    }

    private static List<Frame> chat(String... choices) {
        List<Frame> frames = new ArrayList<>();
        for (String choice : choices) {
            String text = choice.startsWith("{'index'") ? HEAD + choice + "]}" : choice;
            frames.add(new Frame(null, text.replace('\'', '"')));
        }
        return frames;
    }

    private Stream<DynamicTest> callers(String but, Check check) {
        return dialects.ids().stream()
                .filter(Predicate.not(but::equals))
                .map(id -> DynamicTest.dynamicTest(id, () -> check.of(id)));
    }

    private interface Check {
        void of(String caller) throws BadAnswer;
    }

    @TestFactory
    Stream<DynamicTest> aMarkOfTheEndWithoutAReasonIsNoSuccess() {
        String text = "{'index':0,'delta':{'role':'assistant','content':'Half'},'finish_reason':null}";
        return callers("openai-chat", caller -> {
            for (List<Frame> frames : List.of(chat("[DONE]"), chat(text, "[DONE]"), chat(text))) {
                assertThatThrownBy(() -> through("openai-chat", caller, frames)).isInstanceOf(BadAnswer.class);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aClaudeThatStopsWithoutAReasonIsNoSuccess() {
        List<Frame> frames = named(
                "message_start|{'type':'message_start','message':{'id':'m','type':'message','role':'assistant','model':'m','content':[],'usage':{'input_tokens':1,'output_tokens':1}}}",
                "content_block_start|{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}",
                "content_block_delta|{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'Half'}}",
                "message_stop|{'type':'message_stop'}");
        return callers(
                "anthropic",
                caller -> assertThatThrownBy(() -> through("anthropic", caller, frames))
                        .isInstanceOf(BadAnswer.class));
    }

    private static List<Frame> named(String... events) {
        return Stream.of(events)
                .map(event -> event.replace('\'', '"').split("\\|", 2))
                .map(event -> new Frame(event[0].isEmpty() ? null : event[0], event[1]))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> whatComesInAnyOrderIsToldInTheCallers() {
        List<Frame> frames = chat(
                HEAD + USED,
                "{'index':0,'delta':{'role':'assistant','content':''},'finish_reason':null}",
                "{'index':0,'delta':{},'finish_reason':null}",
                "{'index':0,'delta':{'content':'Wait'},'finish_reason':null}",
                "{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':''}},{'index':1,'id':'b','function':{'name':'g','arguments':'{\\\"x\\\":'}}]}}",
                "{'index':0,'delta':{'tool_calls':[{'index':1,'function':{'arguments':'1}'}}]}}",
                "{'index':0,'delta':{'reasoning_content':'hm'},'finish_reason':null}",
                "{'index':0,'delta':{},'finish_reason':'tool_calls'}",
                "{'index':0,'delta':{'content':''},'finish_reason':null}",
                HEAD + "],'usage':{'prompt_tokens':7,'completion_tokens':5,'total_tokens':12}}",
                "[DONE]",
                "{'index':0,'delta':{'content':'tardy'},'finish_reason':'stop'}");
        return callers("openai-chat", caller -> {
            List<Frame> out = through("openai-chat", caller, frames);
            Streams.assertWellFormed(dialects.byId(caller), out);
            if (!caller.equals("openai-completions")) {
                Gist gist = Gist.of(Streams.read(dialects.byId(caller), out));
                assertThat(gist.text()).isEqualTo("Wait");
                assertThat(gist.callNames()).containsExactly("f", "g");
                assertThat(gist.calls().toString()).contains("{}").contains("{\"x\":1}");
                assertThat(gist.usage().output()).isEqualTo(5);
                assertThat(gist.usage().input()).isEqualTo(7);
            }
            assertThat(out.toString()).doesNotContain("tardy");
        });
    }

    @TestFactory
    Stream<DynamicTest> anErrorAfterTheReasonIsAFailure() {
        List<Frame> frames = chat(
                "{'index':0,'delta':{'role':'assistant','content':'Half'},'finish_reason':null}",
                "{'index':0,'delta':{},'finish_reason':'stop'}",
                "{'error':{'message':'the engine died','type':'server_error','code':500}}",
                "[DONE]");
        return callers(
                "openai-chat",
                caller -> assertThatThrownBy(() -> through("openai-chat", caller, frames))
                        .isInstanceOf(BadAnswer.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[]}",
                "{'id':'c','model':'m','choices':[]}",
                "{'id':'c','model':'m','choices':[{'index':0,'message':{'role':'assistant','content':null},'finish_reason':null}]}",
                "{'id':'c','model':'m','choices':[{}]}"
            })
    void anAnswerThatSaysNothingAndNotWhyIsNoAnswer(String answer) {
        for (String caller : dialects.ids()) {
            if (!caller.equals("openai-chat")) {
                assertThatThrownBy(() -> whole("openai-chat", caller, answer))
                        .as(caller)
                        .isInstanceOf(BadAnswer.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'candidates':[{}]}",
                "{'candidates':[{'index':0,'content':{'role':'model'}}]}",
                "{'candidates':[]}"
            })
    void aCandidateThatSaysNothingAndNotWhyIsNone(String answer) {
        for (String caller : dialects.ids()) {
            if (!caller.equals("gemini")) {
                assertThatThrownBy(() -> whole("gemini", caller, answer))
                        .as(caller)
                        .isInstanceOf(BadAnswer.class);
            }
        }
    }

    private byte[] whole(String target, String caller, String answer) throws BadAnswer {
        Dialect callers = dialects.byId(caller);
        return Translations.of(
                        new Passage(
                                callers,
                                dialects.byId(target),
                                Way.chat(target, "/chat"),
                                Targets.of("any", target, "m", Quirks.NONE),
                                4096,
                                false,
                                Framings.SSE,
                                "call",
                                List.of()),
                        JsonDocument.parse(Json.write(callers.writeRequest(
                                Streams.request(callers), new WriteTerms(Quirks.NONE, "any", 4096)))))
                .answer(answer.replace('\'', '"').getBytes(UTF_8))
                .body();
    }
}
