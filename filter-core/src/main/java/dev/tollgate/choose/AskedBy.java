package dev.tollgate.choose;

import dev.tollgate.Call;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Unstreamed;
import dev.tollgate.provider.Operation;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Plan;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out what the choice of a target depends on, of a call that is read and planned. A request is read only where something depends on it. */
public final class AskedBy {
    private static final String TAGS = "x-tollgate-tags";

    private final Call call;
    private final Model model;
    private boolean isRead;
    private @Nullable ChatRequest request;

    private AskedBy(Call call) {
        this.call = call;
        this.model = call.plan().model();
    }

    /** What the choice depends on, of this call. */
    public static Asked of(Call call) {
        return new AskedBy(call).asked();
    }

    private Asked asked() {
        boolean sized = call.endpoint().operation() != Operation.RELAY;
        return new Asked(
                model,
                sized ? inputTokens() : 0,
                sized ? call.account().askedOutputTokens() : 0,
                needs(),
                tags(),
                model.routing().sticky().map(this::stickyTo).orElse(List.of()),
                call.account()::probableNanoUsd);
    }

    /** By the shortest of the estimates: what one target counts for sure, others may count too. */
    private long inputTokens() {
        return all().mapToLong(call.account()::inputTokens).min().orElse(0);
    }

    private Stream<Candidate> all() {
        Plan plan = call.plan();
        return Stream.of(plan.candidates(), plan.contextWindow(), plan.contentPolicy(), plan.budget())
                .flatMap(List::stream);
    }

    private Set<Ability> needs() {
        Set<Ability> lacked = EnumSet.noneOf(Ability.class);
        all().forEach(each -> lacked.addAll(each.traits().lacks()));
        Set<Ability> needs = EnumSet.noneOf(Ability.class);
        if (call.stream() && lacked.remove(Ability.STREAMING)) {
            needs.add(Ability.STREAMING);
        }
        if (!lacked.isEmpty()) {
            request().map(Needs::of).ifPresent(needs::addAll);
        }
        return needs;
    }

    private Set<String> tags() {
        if (!model.routing().callerControl()) {
            return call.caller().targetTags();
        }
        Set<String> tags = new HashSet<>(call.caller().targetTags());
        call.exchange().headers(TAGS).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .forEach(tags::add);
        return tags;
    }

    private List<String> stickyTo(Sticky sticky) {
        if (sticky instanceof Sticky.ToHeader header) {
            return call.exchange()
                    .header(header.name())
                    .filter(value -> !value.isBlank())
                    .map(value -> own("header", value))
                    .orElse(List.of());
        }
        if (sticky instanceof Sticky.ToSession) {
            return call.exchange().sessionId().map(id -> own("session", id)).orElse(List.of());
        }
        if (sticky instanceof Sticky.ToConversation) {
            return request()
                    .map(read -> Conversation.beginning(model.name(), read))
                    .orElse(List.of());
        }
        if (sticky instanceof Sticky.ToCache) {
            return request()
                    .map(read -> Conversation.prefixes(model.name(), read))
                    .orElse(List.of());
        }
        throw new AssertionError(sticky);
    }

    /** What callers say is their own: two of them may say the same. */
    private List<String> own(String kind, String value) {
        return List.of(Digest.of(kind)
                .add(model.name())
                .add(call.caller().key())
                .add(call.caller().user())
                .add(value)
                .soFar());
    }

    /** The request; empty where it is no chat or cannot be read, which others are to say. */
    private Optional<ChatRequest> request() {
        if (!isRead && call.endpoint().operation() == Operation.CHAT) {
            isRead = true;
            request = read(call.dialect());
        }
        return Optional.ofNullable(request);
    }

    private @Nullable ChatRequest read(Dialect dialect) {
        try {
            return Unstreamed.read(dialect::readRequest, call.body());
        } catch (Refusal unreadable) {
            return null;
        }
    }
}
