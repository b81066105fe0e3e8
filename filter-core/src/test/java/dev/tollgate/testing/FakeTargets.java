package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.forward.Flight;
import dev.tollgate.forward.UpstreamBody;
import dev.tollgate.forward.UpstreamFailure;
import dev.tollgate.forward.UpstreamListener;
import dev.tollgate.forward.UpstreamRequest;
import dev.tollgate.forward.Upstreams;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Providers in memory, which answer what the test says. A request that nothing is said about gets no answer until it is given one. */
public final class FakeTargets implements Upstreams {
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final Map<String, Answer> usual = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();

    /** What becomes of a request. */
    public interface Answer {
        void to(Sent request);
    }

    /** A request that was sent. */
    public static final class Sent implements Flight {
        private final UpstreamRequest request;
        private final UpstreamListener listener;
        private boolean aborted;
        private boolean over;

        private Sent(UpstreamRequest request, UpstreamListener listener) {
            this.request = request;
            this.listener = listener;
        }

        /** The provider, and after a slash the credential where it has several. */
        public String to() {
            return request.headers().stream()
                    .filter(header -> header.name().equalsIgnoreCase("authorization"))
                    .map(header -> header.value().replace("Bearer key-of-", ""))
                    .findFirst()
                    .orElse(request.provider().name());
        }

        public String body() {
            return new String(((UpstreamBody.Whole) request.body()).bytes(), UTF_8);
        }

        public Sent head(int status, String type, String... headers) {
            if (!aborted) {
                List<Header> all = new ArrayList<>(List.of(new Header("content-type", type)));
                for (String header : headers) {
                    int colon = header.indexOf(':');
                    all.add(new Header(
                            header.substring(0, colon),
                            header.substring(colon + 1).strip()));
                }
                listener.head(status, all);
            }
            return this;
        }

        public Sent data(String text) {
            if (!aborted) {
                listener.data(ByteBuffer.wrap(text.getBytes(UTF_8)));
            }
            return this;
        }

        public Sent end() {
            if (!aborted) {
                over = true;
                listener.end();
            }
            return this;
        }

        public void fail(UpstreamFailure.Kind kind) {
            if (!aborted) {
                over = true;
                listener.failed(new UpstreamFailure(kind, "as scripted"));
            }
        }

        public void json(int status, String body, String... headers) {
            head(status, "application/json", headers).data(body).end();
        }

        @Override
        public void request(int bytes) {}

        @Override
        public void abort() {
            aborted = true;
        }

        public boolean isAborted() {
            return aborted;
        }

        /** Whether nobody listens any more. */
        public boolean isOver() {
            return aborted || over;
        }
    }

    /** A provider of this name, with so many credentials: {@code name/1} and so on where there are several. */
    public static Provider provider(String name, int credentials) {
        Provider one = new Provider(
                name,
                "openai",
                URI.create("http://" + name + ".invalid/v1"),
                Way.chat(Map.of("openai-chat", "/chat/completions")),
                key(name),
                Quirks.NONE);
        if (credentials == 1) {
            return one;
        }
        List<NamedCredential> pool = IntStream.rangeClosed(1, credentials)
                .mapToObj(each -> new NamedCredential("key" + each, key(name + "/" + each), 1))
                .toList();
        Handling usual = Handling.DEFAULT;
        return one.handled(
                new Handling(pool, usual.transport(), usual.onAbort(), usual.circuit(), usual.healthCheck()));
    }

    private static Credential key(String name) {
        return new Credential.Bearer(new Secret("key-of-" + name));
    }

    /** What requests of a provider get that have no answer of their own. */
    public FakeTargets always(String provider, Answer answer) {
        usual.put(provider, answer);
        return this;
    }

    /** What the next request of a provider gets. */
    public FakeTargets then(String provider, Answer answer) {
        answers.computeIfAbsent(provider, first -> new ArrayDeque<>()).add(answer);
        return this;
    }

    /** A JSON document. */
    public static Answer json(int status, String body, String... headers) {
        return sent -> sent.json(status, body, headers);
    }

    public static Answer failure(UpstreamFailure.Kind kind) {
        return sent -> sent.fail(kind);
    }

    /** No answer, until the test gives one. */
    public static Answer silence() {
        return sent -> {};
    }

    @Override
    public Flight send(UpstreamRequest request, UpstreamListener listener) {
        Sent one = new Sent(request, listener);
        sent.add(one);
        Deque<Answer> own = answers.get(request.provider().name());
        Answer answer = own == null || own.isEmpty()
                ? usual.getOrDefault(request.provider().name(), silence())
                : own.remove();
        answer.to(one);
        return one;
    }

    /** All requests, in order. */
    public List<Sent> sent() {
        return sent;
    }

    /** Whom the requests went to, in order. */
    public List<String> asked() {
        return sent.stream().map(Sent::to).toList();
    }

    /** Requests whose answers somebody still listens to. */
    public long underWay() {
        return sent.stream().filter(each -> !each.isOver()).count();
    }

    @Override
    public void close() {}
}
