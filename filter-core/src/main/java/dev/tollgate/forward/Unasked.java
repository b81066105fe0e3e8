package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.route.ModelName;
import dev.tollgate.route.Ranking;
import dev.tollgate.route.Ranking.Exclusion;
import dev.tollgate.route.Ranking.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a call is told of whose targets none is asked. */
final class Unasked {
    private Unasked() {}

    /** No target can do what is asked. */
    static Refusal unable(Call call) {
        String model = call.askedModel();
        String targets = model == null ? "no target of this call" : "no target of model " + ModelName.quoted(model);
        String asks = call.endpoint().template();
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, targets + " can do what " + asks + " asks for").at("model");
    }

    /** All targets are passed over. */
    static Refusal excluded(Call call, Ranking ranking) {
        Optional<Refusal> tooLong = tooSmall(ranking)
                .map(why -> new Refusal(
                                ErrorCode.CALLER_BAD_REQUEST, why.candidate().label() + ": " + why.detail())
                        .asProviderSaid(400, "invalid_request_error", "context_length_exceeded"));
        return tooLong.orElseGet(() -> {
            Refusal refusal = unable(call);
            return ranking.excluded().stream()
                    .findFirst()
                    .map(why -> new Refusal(
                                    refusal.code(),
                                    refusal.message() + ": " + why.candidate().label() + " is left out: "
                                            + why.detail())
                            .at("model"))
                    .orElse(refusal);
        });
    }

    /** The first target that the call is too long for, while others are passed over for other reasons. */
    static Optional<Exclusion> tooSmall(Ranking ranking) {
        return ranking.excluded().stream()
                .filter(each -> each.reason() == Reason.CONTEXT_TOO_SMALL)
                .findFirst();
    }

    /** A field that targets cannot be told. */
    record Untold(String field, List<String> targets) {
        Untold(String field) {
            this(field, new ArrayList<>());
        }

        Refusal refusal() {
            return Refusal.badField(
                    field,
                    "'" + field + "' cannot be carried to " + String.join(", ", targets)
                            + "; leave it out, or ask for a model that takes it");
        }
    }
}
