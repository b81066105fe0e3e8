package dev.tollgate.explain;

import dev.tollgate.Exchange;
import dev.tollgate.Refusal;
import dev.tollgate.RequestTarget;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A call that somebody wants to know the fate of.
 *
 * @param exchange the call, as it would arrive
 * @param whose whose it is; empty where its own headers say so, or it is the asker's
 */
public record Question(Exchange exchange, Optional<Whose> whose) {
    private static final Set<String> FIELDS = Set.of("endpoint", "method", "headers", "body", "key", "address");
    private static final byte[] NOTHING = {};

    /**
     * Reads a question.
     *
     * @param address where its call comes from, unless it says
     * @throws Refusal naming the field at fault
     */
    public static Question parse(byte[] json, String address) {
        JsonDocument document = JsonDocument.parse(json);
        JsonNode question = document.tree();
        question.propertyNames().forEach(Question::refuseUnknown);
        String endpoint = text(question, "endpoint")
                .orElseThrow(() ->
                        Refusal.badField("endpoint", "'endpoint' must be the path of a call, as /v1/chat/completions"));
        Exchange exchange = new ImaginedExchange(
                text(question, "method").orElse("POST"),
                target(endpoint),
                headers(question.path("headers")),
                body(question.path("body")),
                text(question, "address").orElse(address));
        return new Question(exchange, Whose.read(question.path("key")));
    }

    private static void refuseUnknown(String field) {
        if (!FIELDS.contains(field)) {
            throw Refusal.badField(
                    field,
                    "a question has no field '" + field + "'; it has endpoint, method, headers, body, key"
                            + " and address");
        }
    }

    private static Optional<String> text(JsonNode question, String field) {
        JsonNode value = question.path(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().isBlank()) {
            throw Refusal.badField(field, "'" + field + "' must be a text");
        }
        return Optional.of(value.stringValue());
    }

    private static RequestTarget target(String endpoint) {
        int query = endpoint.indexOf('?');
        String path = query < 0 ? endpoint : endpoint.substring(0, query);
        if (!path.startsWith("/")) {
            throw Refusal.badField("endpoint", "'endpoint' must begin with a slash, as /v1/chat/completions");
        }
        try {
            String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
            return RequestTarget.of(path, decoded, query < 0 ? "" : endpoint.substring(query + 1));
        } catch (IllegalArgumentException e) {
            throw Refusal.badField("endpoint", "'endpoint' is not encoded as a path is");
        }
    }

    private static Map<String, List<String>> headers(JsonNode written) {
        if (!written.isMissingNode() && !written.isObject()) {
            throw Refusal.badField("headers", "'headers' must be an object of texts");
        }
        Map<String, List<String>> headers = new HashMap<>();
        written.properties().forEach(header -> {
            if (!header.getValue().isString()) {
                throw Refusal.badField("headers." + header.getKey(), "a header must be a text");
            }
            headers.put(
                    header.getKey().toLowerCase(Locale.ROOT),
                    List.of(header.getValue().stringValue()));
        });
        return headers;
    }

    /** A text stands for bytes that are perhaps no JSON. */
    private static byte[] body(JsonNode body) {
        if (body.isMissingNode()) {
            return NOTHING;
        }
        return body.isString() ? body.stringValue().getBytes(StandardCharsets.UTF_8) : Json.write(body);
    }
}
