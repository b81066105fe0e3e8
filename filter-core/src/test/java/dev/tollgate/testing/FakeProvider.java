package dev.tollgate.testing;

import dev.tollgate.json.Json;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A provider on loopback that speaks OpenAI chat at {@code /v1/chat/completions} and Anthropic Messages at
 * {@code /v1/messages}, Gemini's {@code generateContent}, counts tokens in Anthropic's way, and embeds. The model's name, after {@code oai-}, {@code chat-}, {@code ant-} or {@code gem-} if it begins so, says what it does:
 *
 * <table>
 *   <caption>Models</caption>
 *   <tr><td>{@code plain}</td><td>answers one sentence</td></tr>
 *   <tr><td>{@code system}, {@code image}</td><td>says what it was told or shown</td></tr>
 *   <tr><td>{@code schema}</td><td>answers JSON, if it was given a schema</td></tr>
 *   <tr><td>{@code tools}, {@code two-tools}</td><td>asks for the weather, in one place or two; then reports it</td></tr>
 *   <tr><td>{@code thinking}</td><td>thinks first, if asked to; with tools it then does as {@code tools}</td></tr>
 *   <tr><td>{@code length}</td><td>stops at its limit</td></tr>
 *   <tr><td>{@code busy}</td><td>answers 429 to the first request with a text, and a second later takes the next</td></tr>
 *   <tr><td>{@code status-NNN}</td><td>answers with that error</td></tr>
 *   <tr><td>{@code garbage}</td><td>answers 200 with what is no answer</td></tr>
 *   <tr><td>{@code silent}</td><td>never answers</td></tr>
 *   <tr><td>{@code held}</td><td>begins a stream, waits for {@link #goOn}, then goes on</td></tr>
 *   <tr><td>{@code cut}, {@code gone}</td><td>begins a stream, waits for {@link #goOn}, then sends an error, or closes the
 *       connection</td></tr>
 * </table>
 */
public final class FakeProvider implements AutoCloseable {
    /** The key that this provider takes in OpenAI's way. */
    public static final String OPENAI_KEY = "sk-fake-openai";

    /** The key that this provider takes in Anthropic's way. */
    public static final String ANTHROPIC_KEY = "sk-ant-fake";

    /** What {@code plain} answers. */
    public static final String SENTENCE = "The capital of France is Paris, the “city of light” 🗼.";

    /** What {@code thinking} thinks. */
    public static final String THOUGHT = "France is in Europe; its capital is well known.";

    /** What {@code schema} answers. */
    public static final String DOCUMENT = "{\"city\":\"Paris\",\"inhabitants\":2102650}";

    private final FakeUpstream upstream = new FakeUpstream().always(this::answer);
    private final OpenAiWire openAi = new OpenAiWire(OPENAI_KEY);
    private final AnthropicWire anthropic = new AnthropicWire(ANTHROPIC_KEY);
    private final GeminiWire gemini = new GeminiWire(OPENAI_KEY);
    private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
    private final Semaphore goOn = new Semaphore(0);

    /** The environment variables that hold the keys, for the gateway's process. */
    public static Map<String, String> environment() {
        return Map.of("FAKE_OPENAI_KEY", OPENAI_KEY, "FAKE_ANTHROPIC_KEY", ANTHROPIC_KEY);
    }

    /** What is at the end of every base URL. */
    public URI uri() {
        return upstream.uri();
    }

    /** Requests received so far. */
    public List<Received> requests() {
        return upstream.requests();
    }

    /** Lets one answer that waits go on. */
    public void goOn() {
        goOn.release();
    }

    private void answer(Peer peer) throws IOException, InterruptedException {
        Received request = peer.request();
        ProviderWire wire = wire(request);
        try {
            if (FakeEmbeddings.isAsked(request)) {
                peer.json(200, FakeEmbeddings.answer(request));
            } else if (request.line().contains("/v1/messages/count_tokens ")) {
                peer.json(200, "{\"input_tokens\":" + Saying.INPUT + "}");
            } else {
                play(peer, wire, wire.read(request));
            }
        } catch (ProviderWire.Unacceptable refused) {
            peer.json(refused.status(), wire.error(refused.status(), refused.getMessage()));
        }
    }

    private ProviderWire wire(Received request) {
        if (GeminiWire.isAsked(request)) {
            return gemini;
        }
        return request.line().contains("/v1/messages") ? anthropic : openAi;
    }

    private void play(Peer peer, ProviderWire wire, Saying.Asked asked) throws IOException, InterruptedException {
        String model = behaviour(asked);
        if (model.startsWith("status-")) {
            int status = Integer.parseInt(model.substring("status-".length()));
            peer.json(status, wire.error(status, "this is what " + status + " looks like"));
            return;
        }
        switch (model) {
            case "busy" -> busy(peer, wire, asked);
            case "garbage" -> peer.json(200, "{\"weather\":\"nice\"}");
            case "silent" -> peer.untilClosed();
            case "held" -> held(peer, wire, asked);
            case "cut", "gone" -> cut(peer, wire, model);
            default -> say(peer, wire, asked, saying(asked));
        }
    }

    private void busy(Peer peer, ProviderWire wire, Saying.Asked asked) throws IOException {
        if (refusedOnce.add(asked.lastText())) {
            peer.json(429, wire.error(429, "slow down"), "Retry-After: 1");
        } else {
            say(peer, wire, asked, Saying.text(SENTENCE));
        }
    }

    private void cut(Peer peer, ProviderWire wire, String model) throws IOException, InterruptedException {
        peer.stream();
        wire.beginning(peer, model);
        awaitGoOn();
        if (model.equals("gone")) {
            peer.close();
            return;
        }
        wire.streamError(peer, "the fake provider has had enough");
        peer.endChunks();
    }

    private void held(Peer peer, ProviderWire wire, Saying.Asked asked) throws IOException, InterruptedException {
        peer.stream();
        wire.beginning(peer, asked.model());
        awaitGoOn();
        wire.stream(peer, asked, Saying.text(SENTENCE));
        peer.endChunks();
    }

    private void awaitGoOn() throws InterruptedException {
        if (!goOn.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new InterruptedException("nobody said that it may go on");
        }
    }

    private static void say(Peer peer, ProviderWire wire, Saying.Asked asked, Saying saying) throws IOException {
        if (!asked.stream()) {
            peer.json(200, wire.whole(asked.model(), saying), "request-id: req_fake1");
            return;
        }
        peer.stream("request-id: req_fake1");
        wire.stream(peer, asked, saying);
        peer.endChunks();
    }

    private static String behaviour(Saying.Asked asked) {
        return asked.model().replaceFirst("^(?:oai|ant|chat|gem)-", "");
    }

    private static Saying saying(Saying.Asked asked) {
        return switch (behaviour(asked)) {
            case "plain" -> Saying.text(SENTENCE);
            case "system" -> Saying.text("I was told: " + asked.system());
            case "image" -> Saying.text("I see " + String.join(" and ", asked.images()));
            case "length" -> Saying.text("The capital of").endedBy("length");
            case "schema" -> document(asked);
            case "tools" -> weather(asked, use("Paris", 1));
            case "two-tools" -> weather(asked, use("Paris", 1), use("London", 2));
            case "thinking" -> thinking(asked);
            default -> throw new ProviderWire.Unacceptable(404, "model: " + asked.model());
        };
    }

    private static Saying document(Saying.Asked asked) {
        ProviderWire.check(asked.schema().path("properties").has("inhabitants"), "no schema for the answer");
        return Saying.text(DOCUMENT);
    }

    private static Saying thinking(Saying.Asked asked) {
        Saying saying = asked.tools() ? weather(asked, use("Paris", 1)) : Saying.text(SENTENCE);
        return asked.thinking() ? saying.thinking(THOUGHT) : saying;
    }

    private static Saying weather(Saying.Asked asked, Saying.Use... uses) {
        ProviderWire.check(asked.tools(), "no tools were offered");
        return asked.results().isEmpty()
                ? Saying.uses(uses)
                : Saying.text("I hear: " + String.join("; ", asked.results()));
    }

    private static Saying.Use use(String city, int number) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("city", city);
        input.putObject("options").put("unit", "°C").put("days", number);
        return new Saying.Use("toolu_0" + number, "get_weather", (ObjectNode) Json.read(Json.text(input)));
    }

    @Override
    public void close() {
        upstream.close();
    }
}
