package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The headers of an answer that is passed on as it is. */
final class RelayHeaders {
    private static final List<String> DESCRIBING = List.of("content-type", "content-disposition");

    private RelayHeaders() {}

    static List<Header> of(Tries tries, RelayAttempt attempt, List<Header> providers) {
        List<Header> headers = new ArrayList<>();
        for (String name : DESCRIBING) {
            ProviderHeaders.find(providers, name)
                    .ifPresent(value -> headers.add(new Header(name, AnswerHeaders.printable(value))));
        }
        // What a provider's content is must not be guessed at by a browser that is shown it from this host.
        headers.add(new Header("x-content-type-options", "nosniff"));
        Call call = tries.call();
        headers.addAll(tries.forwarder()
                .answerHeaders
                .of(call, attempt.candidate(), attempt.way(), providers, OptionalLong.empty(), List.of()));
        return headers;
    }
}
