package dev.tollgate;

import dev.tollgate.config.Settings.Model;
import dev.tollgate.forward.DocumentReply;
import dev.tollgate.forward.Reply;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.pin.Pin;
import dev.tollgate.pin.Pins;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Provider;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.ModelName;
import dev.tollgate.route.Plan;
import dev.tollgate.route.RelayRoutes;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends calls about something that a provider keeps (files, batches, stored responses) where it is, for its owner only, and
 * learns from answers what has come to be kept. For everybody else it is not there.
 */
final class Pinning {
    private static final System.Logger LOG = System.getLogger(Pinning.class.getName());
    private static final String RESPONSES = "openai-responses";
    private static final String NAMED_BY = "x-tollgate-model";

    private final Pins pins;

    Pinning(Pins pins) {
        this.pins = pins;
    }

    // --- calls that are not translated

    /** Plans a call that is not translated: by what it is about, else by the model it names, else by the configuration. */
    CompletionStage<Call> plan(Call call, RelayPath path) {
        Optional<String> id = path.id();
        if (id.isPresent()) {
            return pinned(call, id.get(), path.unknown()).thenApply(pin -> planAt(call, path, pin));
        }
        if (path.family().equals("batches") && call.exchange().method().equals("POST")) {
            return planBatch(call, path);
        }
        return CompletableFuture.completedFuture(planNamed(call, path));
    }

    private CompletionStage<Call> planBatch(Call call, RelayPath path) {
        // Its lines name models that the gateway does not see.
        call.setup().relays().requireAll(call.caller());
        JsonDocument document = call.upload().document();
        String file = document == null ? "" : document.text("input_file_id").orElse("");
        if (file.isEmpty()) {
            throw Refusal.badField("input_file_id", "'input_file_id' must be the id of a file");
        }
        Refusal unknown =
                new RelayPath("files", List.of("files", file)).unknown().at("input_file_id");
        return pinned(call, file, unknown).thenApply(pin -> planAt(call, path, pin));
    }

    /** The pin of what a call is about; empty where nobody knows it and access is open to all. */
    private CompletionStage<Optional<Pin>> pinned(Call call, String id, Refusal unknown) {
        boolean open = call.setup().settings().access().open() && call.caller().key() == null;
        return pins.find(id)
                .exceptionally(failure -> {
                    throw unsure();
                })
                .thenApply(found -> {
                    if (found.isEmpty() ? !open : !found.get().isOf(call.caller())) {
                        throw unknown;
                    }
                    return found;
                });
    }

    private static Refusal unsure() {
        return new Refusal(ErrorCode.GATEWAY_OVERLOADED, "the cluster does not say in time where this is")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Call planAt(Call call, RelayPath path, Optional<Pin> pin) {
        RelayRoutes relays = call.setup().relays();
        Provider provider = pin.map(each -> relays.provider(each.provider()).orElseThrow(path::unknown))
                .orElseGet(() -> relays.defaultFor(path));
        String model = pin.map(Pin::model).orElse("");
        if (path.way(provider, model).isEmpty()) {
            throw new Refusal(
                    ErrorCode.CALLER_BAD_REQUEST,
                    "\"" + provider.name() + "\" has it, and does not serve " + path.family() + " any more");
        }
        return call.planned(relays.at(provider, path, call.caller(), model));
    }

    private static Call planNamed(Call call, RelayPath path) {
        RelayRoutes relays = call.setup().relays();
        Optional<String> header = call.exchange().header(NAMED_BY).map(String::strip);
        Optional<String> model = path.isOwned() ? Optional.empty() : modelOf(call);
        if (model.isEmpty() && header.isPresent()) {
            Optional<Provider> named = relays.provider(header.get());
            if (named.isPresent()) {
                return unnamed(call, path, named.get());
            }
            model = header;
        }
        if (model.isEmpty()) {
            return unnamed(call, path, relays.defaultFor(path));
        }
        Plan plan = call.setup().router().plan(model.get(), call.caller());
        call.asksFor(model.get(), isStreamed(call));
        if (!path.isOwned()) {
            return call.planned(plan);
        }
        Provider first = plan.candidates().stream()
                .map(Candidate::provider)
                .filter(each -> path.way(each, "").isPresent())
                .findFirst()
                .orElseThrow(() -> Refusal.badField(
                        NAMED_BY,
                        "no target of model " + ModelName.quoted(call.model()) + " serves " + path.family()
                                + "; name another"));
        return call.planned(relays.at(first, path, call.caller(), ""));
    }

    /** The model that the call itself names: in its path, in its document or in the beginning of its form. */
    private static Optional<String> modelOf(Call call) {
        JsonDocument document = call.upload().document();
        if (document != null && document.has("model") && document.text("model").isEmpty()) {
            throw Refusal.badField("model", "'model' must be the name of a model");
        }
        return Optional.ofNullable(call.endpoint().argument())
                .or(() -> document == null ? call.upload().formModel() : document.text("model"));
    }

    private static boolean isStreamed(Call call) {
        JsonDocument document = call.upload().document();
        return document != null && document.isTrue("stream");
    }

    private static Call unnamed(Call call, RelayPath path, Provider provider) {
        if (!path.isOwned() && call.upload().isRepeatable()) {
            call.setup().relays().requireAll(call.caller());
        }
        call.asksFor(null, isStreamed(call));
        return call.planned(call.setup().relays().at(provider, path, call.caller(), ""));
    }

    /** Learns from an answer, before its caller reads it, and takes out of lists what is not its caller's. */
    CompletionStage<Reply> learn(Call call, RelayPath path, Reply reply) {
        String method = call.exchange().method();
        if (path.family().equals("responses") && method.equals("DELETE")) {
            return forget(path).thenApply(nothing -> reply);
        }
        if (!(reply instanceof DocumentReply document)) {
            return CompletableFuture.completedFuture(reply);
        }
        if (method.equals("DELETE")) {
            return forget(path).thenApply(nothing -> reply);
        }
        ObjectNode body = object(document.body());
        if (body == null) {
            return CompletableFuture.completedFuture(reply);
        }
        if (path.isList(method)) {
            return onlyOwn(call, document, body);
        }
        List<String> ids = method.equals("POST") && path.pieces().size() == 1
                ? texts(body, "id", "output_file_id", "error_file_id")
                : texts(body, "output_file_id", "error_file_id");
        return rememberAll(call, document.provider(), "", ids).thenApply(nothing -> reply);
    }

    private CompletionStage<Void> forget(RelayPath path) {
        return pins.forget(path.id().orElse("")).exceptionally(failure -> null);
    }

    private static @Nullable ObjectNode object(byte[] body) {
        try {
            return Json.read(body) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static List<String> texts(JsonNode body, String... members) {
        return Stream.of(members)
                .map(name -> body.path(name).asString(""))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private CompletionStage<Reply> onlyOwn(Call call, DocumentReply reply, ObjectNode body) {
        if (!(body.path("data") instanceof ArrayNode all)) {
            return CompletableFuture.completedFuture(reply);
        }
        List<JsonNode> own = new ArrayList<>();
        CompletionStage<Void> sorted = CompletableFuture.completedFuture(null);
        for (JsonNode each : all) {
            CompletionStage<Optional<Pin>> pin = pinned(call, each.path("id").asString(""), unsure())
                    .handle((found, other) -> other == null ? found : null);
            sorted = sorted.thenCombine(pin, (nothing, found) -> {
                if (found != null) {
                    own.add(each);
                }
                return null;
            });
        }
        return sorted.thenCompose(nothing -> {
            List<String> made = own.stream()
                    .flatMap(each -> texts(each, "output_file_id", "error_file_id").stream())
                    .toList();
            return rememberAll(call, reply.provider(), "", made).thenApply(done -> {
                all.removeAll();
                all.addAll(own);
                if (body.has("first_id")) {
                    body.put(
                            "first_id",
                            own.isEmpty() ? null : own.get(0).path("id").asString(null));
                }
                if (body.has("last_id")) {
                    body.put(
                            "last_id",
                            own.isEmpty()
                                    ? null
                                    : own.get(own.size() - 1).path("id").asString(null));
                }
                return reply.with(Json.write(body));
            });
        });
    }

    private CompletionStage<Void> rememberAll(Call call, String provider, String model, List<String> ids) {
        Pin pin = new Pin(provider, model, Pin.ownerOf(call.caller()));
        CompletableFuture<?>[] all = ids.stream()
                .map(id -> pins.remember(id, pin).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).exceptionally(failure -> {
            LOG.log(Level.WARNING, call.id() + ": whose " + ids + " is could not be remembered in time: " + failure);
            return null;
        });
    }

    // --- responses that refer to what was stored before

    /** Keeps a planned response to the targets that have what it refers to, or can keep what it is to leave behind. */
    CompletionStage<Call> restrict(Call call) {
        if (!call.endpoint().format().id().equals(RESPONSES)) {
            return CompletableFuture.completedFuture(call);
        }
        JsonDocument body = call.body();
        Optional<String> previous = body.text("previous_response_id").filter(id -> !id.isEmpty());
        Optional<String> conversation = conversation(body);
        if (previous.isPresent()) {
            Refusal unknown = new Refusal(
                            ErrorCode.CALLER_NOT_FOUND,
                            "Previous response with id '" + shown(previous.get()) + "' not found.")
                    .at("previous_response_id")
                    .asProviderSaid(404, "invalid_request_error", "previous_response_not_found");
            return pinned(call, previous.get(), unknown).thenApply(pin -> keepTo(call, pin, "previous_response_id"));
        }
        if (conversation.isPresent()) {
            Refusal unknown = new Refusal(
                            ErrorCode.CALLER_NOT_FOUND,
                            "Conversation with id '" + shown(conversation.get()) + "' not found.")
                    .at("conversation");
            return pinned(call, conversation.get(), unknown).thenApply(pin -> keepTo(call, pin, "conversation"));
        }
        return CompletableFuture.completedFuture(
                body.isTrue("background") ? keepTo(call, Optional.empty(), "background") : call);
    }

    private static boolean isResponse(Call call) {
        return call.endpoint().operation() == Operation.CHAT
                && call.endpoint().format().id().equals(RESPONSES);
    }

    private static Optional<String> conversation(JsonDocument body) {
        return body.member("conversation")
                .map(value -> value.isString()
                        ? value.stringValue()
                        : value.path("id").asString(""))
                .filter(id -> !id.isEmpty());
    }

    private static String shown(String id) {
        return PlainText.of(id, 80);
    }

    private static Call keepTo(Call call, Optional<Pin> pin, String field) {
        List<Candidate> able = call.plan().candidates().stream()
                .filter(each ->
                        pin.isEmpty() || each.provider().name().equals(pin.get().provider()))
                .filter(each -> speaksResponses(each, call.endpoint().operation()))
                .toList();
        if (able.isEmpty()) {
            String where = pin.map(each -> "it is kept at \"" + each.provider()
                            + "\", where this model does not lead, or which" + " does not speak this API")
                    .orElse("no target of this model speaks this API itself");
            throw Refusal.badField(field, "'" + field + "' cannot be honoured: " + where);
        }
        // What is kept is in one place; and what runs in the background is not to run twice, wherever that is.
        Model model = call.plan().model();
        return call.planned(pin.isPresent() ? new Plan(model, able.subList(0, 1)) : new Plan(model.triedOnce(), able));
    }

    private static boolean speaksResponses(Candidate candidate, Operation operation) {
        return candidate
                .provider()
                .way(operation, RESPONSES, candidate.model())
                .filter(way -> way.dialect().equals(RESPONSES))
                .isPresent();
    }

    /** Remembers where a response is kept, before its caller reads its id. */
    CompletionStage<Reply> learn(Call call, Reply reply) {
        Reply.Made made = isResponse(call) ? reply.made() : null;
        if (made == null || !isStored(call.body())) {
            return CompletableFuture.completedFuture(reply);
        }
        return rememberAll(call, made.by().provider().name(), made.by().model(), List.of(made.id()))
                .thenApply(nothing -> reply);
    }

    private static boolean isStored(JsonDocument body) {
        return body.isTrue("background")
                || body.member("store")
                        .filter(JsonNode::isBoolean)
                        .map(JsonNode::booleanValue)
                        .orElse(true);
    }
}
