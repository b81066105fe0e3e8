package dev.tollgate.testing;

import static dev.tollgate.testing.Misanswers.joined;
import static dev.tollgate.testing.WireScript.answer;
import static dev.tollgate.testing.WireScript.byteChunks;
import static dev.tollgate.testing.WireScript.chunk;
import static dev.tollgate.testing.WireScript.chunkLie;
import static dev.tollgate.testing.WireScript.drip;
import static dev.tollgate.testing.WireScript.endChunks;
import static dev.tollgate.testing.WireScript.fin;
import static dev.tollgate.testing.WireScript.forEver;
import static dev.tollgate.testing.WireScript.halfClose;
import static dev.tollgate.testing.WireScript.hang;
import static dev.tollgate.testing.WireScript.head;
import static dev.tollgate.testing.WireScript.headers;
import static dev.tollgate.testing.WireScript.pause;
import static dev.tollgate.testing.WireScript.raw;
import static dev.tollgate.testing.WireScript.reset;
import static dev.tollgate.testing.WireScript.slowly;
import static dev.tollgate.testing.WireScript.streamHead;
import static dev.tollgate.testing.WireScript.times;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.ErrorCode;
import dev.tollgate.testing.Fault.Cost;
import dev.tollgate.testing.Fault.Where;
import dev.tollgate.testing.WireScript.Bill;
import dev.tollgate.testing.WireScript.Step;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Everything that is known to go wrong with providers, and what becomes of calls then. */
public final class Faults {
    private static final String JSON = "application/json";
    private static final Talk[] EVENTS = {Talk.OPENAI, Talk.RESPONSES, Talk.ANTHROPIC, Talk.GEMINI};
    private static final String HASTY = "first-byte: 600ms, idle: 600ms";
    private static final Duration TICK = Duration.ofMillis(50);

    private Faults() {}

    public static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.addAll(connections());
        all.addAll(silences());
        all.addAll(cuts());
        all.addAll(malformedHttp());
        all.addAll(malformedStreams());
        all.addAll(rateLimits());
        all.addAll(statuses());
        all.addAll(errorsInStreams());
        all.addAll(notAnswers());
        all.addAll(usages());
        all.addAll(endings());
        return all;
    }

    private static List<Fault> connections() {
        String group = "connection";
        return List.of(
                Fault.of(group, "refused")
                        .at(Where.NOBODY)
                        .refused(ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(3, 3),
                Fault.of(group, "reset as soon as it is there")
                        .at(Where.DEAF)
                        .refused(ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(3, 3)
                        .costs(Cost.NOTHING_OR_ESTIMATED),
                Fault.of(group, "swallowed: nothing answers")
                        .at(Where.BLACKHOLE)
                        .timeouts("connect: 300ms")
                        .refused(ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(3, 3),
                Fault.of(group, "the host's name has no address")
                        .at(Where.NAMELESS)
                        .refused(ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(3, 3),
                Fault.of(group, "no TLS where there must be")
                        .at(Where.NOT_TLS)
                        .refused(ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(1, 1),
                Fault.of(group, "reset after the request, then well")
                        .streams(told -> List.of(WireScript.of(reset()), good(told)))
                        .wholes(told -> List.of(WireScript.of(reset()), whole(told.whole())))
                        .answered()
                        .another()
                        .attempts(2, 2)
                        .costs(Cost.NOTHING_OR_ESTIMATED),
                Fault.of(group, "closed after the request")
                        .both(told -> once(Bill.UNTOLD, fin()))
                        .refused(ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(3, 3)
                        .costs(Cost.NOTHING_OR_ESTIMATED));
    }

    private static List<Fault> silences() {
        String group = "silence";
        return List.of(
                Fault.of(group, "no head")
                        .both(told -> once(Bill.UNTOLD, hang()))
                        .timeouts(HASTY)
                        .refused(ErrorCode.PROVIDER_TIMEOUT)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "half a head")
                        .both(told -> once(Bill.UNTOLD, raw("HTTP/1.1 200 OK\r\nContent-Ty"), hang()))
                        .timeouts(HASTY)
                        .refused(ErrorCode.PROVIDER_TIMEOUT)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "a head and nothing else")
                        .streams(told -> once(Bill.UNTOLD, begin(told), hang()))
                        .wholes(told ->
                                once(Bill.UNTOLD, head(200, "Content-Type: " + JSON, "Content-Length: 999"), hang()))
                        .timeouts(HASTY)
                        .refused(ErrorCode.PROVIDER_TIMEOUT)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "half a whole answer")
                        .wholes(told -> once(
                                Bill.UNTOLD,
                                head(200, "Content-Type: " + JSON, "Content-Length: 999"),
                                raw(told.whole().substring(0, 50)),
                                hang()))
                        .timeouts(HASTY)
                        .refused(ErrorCode.PROVIDER_TIMEOUT)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "in the middle of a stream")
                        .streams(told -> once(Bill.UNTOLD, begin(told), chunk(told.opening()), hang()))
                        .timeouts(HASTY)
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "signs of life and nothing else")
                        .streams(told -> once(Bill.UNTOLD, begin(told), forEver(told.ping(), TICK)))
                        .only(EVENTS)
                        .timeouts(HASTY)
                        .refused(ErrorCode.PROVIDER_TIMEOUT)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "signs of life in the middle of a stream")
                        .streams(told ->
                                once(Bill.UNTOLD, begin(told), chunk(told.opening()), forEver(told.ping(), TICK)))
                        .only(EVENTS)
                        .timeouts(HASTY)
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "a byte at a time, for ever")
                        .wholes(told -> once(
                                Bill.UNTOLD,
                                head(200, "Content-Type: " + JSON, "Content-Length: 999"),
                                drip(" ".repeat(999).getBytes(UTF_8), TICK)))
                        .timeouts("total: 1500ms")
                        .refused(ErrorCode.PROVIDER_TIMEOUT)
                        .costs(Cost.ESTIMATED)
                        .heavy());
    }

    private static List<Fault> cuts() {
        String group = "cut";
        return List.of(
                Fault.of(group, "FIN before content")
                        .streams(told -> once(Bill.UNTOLD, begin(told), fin()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "RST before content")
                        .streams(told -> once(Bill.UNTOLD, begin(told), reset()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE, ErrorCode.PROVIDER_UNREACHABLE)
                        .another()
                        .attempts(1, 3)
                        .costs(Cost.NOTHING_OR_ESTIMATED),
                cutAfterContent("FIN in mid-stream", fin()),
                cutAfterContent("half-close in mid-stream", halfClose()),
                cutAfterContent("RST in mid-stream", reset()),
                cutAfterContent("the last chunk, but not the last event", endChunks()),
                Fault.of(group, "in the middle of an event")
                        .streams(told -> once(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                told.seen(),
                                chunk(Arrays.copyOf(told.more(), told.more().length / 2)),
                                fin()))
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "a chunk that is said to be longer than it is")
                        .streams(told -> once(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                told.seen(),
                                chunkLie(told.more()),
                                fin()))
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED));
    }

    private static Fault cutAfterContent(String name, Step end) {
        return Fault.of("cut", name)
                .streams(told -> once(Bill.UNTOLD, begin(told), chunk(told.opening()), told.seen(), end))
                .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                .costs(Cost.ESTIMATED);
    }

    private static List<Fault> malformedHttp() {
        String group = "HTTP";
        return List.of(
                bad(
                        group,
                        "a length that is too long",
                        told -> once(
                                Bill.UNTOLD,
                                head(200, "Content-Type: " + JSON, "Content-Length: 999"),
                                raw(told.whole()),
                                fin())),
                bad(
                        group,
                        "a length that is too short",
                        told -> once(
                                Bill.UNTOLD,
                                head(200, "Content-Type: " + JSON, "Content-Length: 50"),
                                raw(told.whole()))),
                bad(
                        group,
                        "a size of a chunk that is no number",
                        told -> once(
                                Bill.UNTOLD,
                                head(200, "Content-Type: " + JSON, "Transfer-Encoding: chunked"),
                                raw("zz\r\n"),
                                raw(told.whole()),
                                hang())),
                bad(
                        group,
                        "chunks without a last one",
                        told -> once(
                                Bill.UNTOLD,
                                head(200, "Content-Type: " + JSON, "Transfer-Encoding: chunked"),
                                chunk(told.whole().substring(0, 40)),
                                fin())),
                Fault.of(group, "no HTTP at all")
                        .both(told -> once(Bill.UNTOLD, raw("220 mail.example ESMTP ready\r\n\r\n"), hang()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "10,000 headers")
                        .both(told -> once(Bill.UNTOLD, headers(10_000), hang()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "a header of 1 MiB")
                        .both(told -> once(Bill.UNTOLD, head(200, "x-large: " + "y".repeat(1 << 20)), hang()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "early hints before the answer")
                        .streams(told ->
                                List.of(prefixed(head(103, "Link: </x>; rel=preload"), good(told), Bill.REPORTED)))
                        .wholes(told -> List.of(
                                prefixed(head(103, "Link: </x>; rel=preload"), whole(told.whole()), Bill.REPORTED)))
                        .answered()
                        .costs(Cost.REPORTED));
    }

    private static List<Fault> malformedStreams() {
        String group = "stream";
        return List.of(
                oddButRight("lines that end in CR", told -> reframed(told, text -> text.replace("\n", "\r"))),
                oddButRight("lines that end in CR LF", told -> reframed(told, text -> text.replace("\n", "\r\n"))),
                oddButRight(
                        "no space after \"data:\"", told -> reframed(told, text -> text.replace("data: ", "data:"))),
                oddButRight("a byte order mark first", told -> reframed(told, text -> "\uFEFF" + text)),
                oddButRight(
                        "comments, ids and retries between",
                        told -> reframed(
                                told, text -> text.replace("data: ", ": a comment\nid: 7\nretry: 10\ndata: "))),
                oddButRight(
                        "data on several lines",
                        told -> reframed(told, text -> text.replace("data: {", "data: {\ndata: "))),
                Fault.of(group, "a byte in every chunk")
                        .streams(told ->
                                List.of(billed(Bill.REPORTED, begin(told), byteChunks(told.good()), endChunks())))
                        .answered()
                        .costs(Cost.REPORTED),
                Fault.of(group, "an event that nobody knows")
                        .streams(told -> List.of(billed(
                                Bill.REPORTED,
                                begin(told),
                                chunk(joined(told.opening(), told.unknownEvent(), told.closing())),
                                endChunks())))
                        .only(Talk.RESPONSES, Talk.ANTHROPIC, Talk.BEDROCK)
                        .answered()
                        .costs(Cost.REPORTED),
                Fault.of(group, "data that is no JSON, before content")
                        .streams(told -> once(Bill.UNTOLD, begin(told), chunk(told.badJson()), endChunks()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "data that is no JSON, after content")
                        .streams(told -> once(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                told.seen(),
                                chunk(told.badJson()),
                                endChunks()))
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "an event of 5 MiB")
                        .streams(told -> once(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                told.seen(),
                                chunk(told.hugeEvent()),
                                hang()))
                        .only(EVENTS)
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED)
                        .heavy());
    }

    private static Fault oddButRight(String name, Function<Misanswers, byte[]> bytes) {
        return Fault.of("stream", name)
                .streams(told -> List.of(billed(Bill.REPORTED, begin(told), chunk(bytes.apply(told)), endChunks())))
                .only(EVENTS)
                .answered()
                .costs(Cost.REPORTED);
    }

    private static byte[] reframed(Misanswers told, Function<String, String> change) {
        return change.apply(new String(told.good(), UTF_8)).getBytes(UTF_8);
    }

    private static List<Fault> rateLimits() {
        return List.of(
                limited("429 that says 60 seconds", "retry-after: 60").waits(60),
                limited("429 that says 60,000 ms", "retry-after-ms: 60000").waits(60),
                limited("429 that says a date", null).waits(61),
                limited("429 that says 10⁹ seconds", "retry-after: 1000000000").waits(300),
                limited("429 that says -5 seconds", "retry-after: -5").attempts(3, 3),
                limited("429 that says a date long past", "retry-after: Mon, 01 Jan 2001 00:00:00 GMT")
                        .attempts(3, 3),
                limited("429 that says nothing of a wait", "x-nothing: here"),
                limited("429 that says 100 ms", "retry-after-ms: 100").attempts(3, 3),
                Fault.of("refusal", "429 because the account has no money left")
                        .both(told -> List.of(WireScript.of(answer(429, JSON, told.spent()))))
                        .refused(ErrorCode.PROVIDER_RATE_LIMITED)
                        .another());
    }

    /** @param wait the header that says the wait, or null for a date in a minute */
    private static Fault limited(String name, String wait) {
        return Fault.of("refusal", name)
                .both(told -> {
                    String header = wait == null ? "retry-after: " + inAMinute() : wait;
                    String body = told.error(429, told.word("rate_limit"), "slow down");
                    return List.of(WireScript.of(answer(429, JSON, body, header)));
                })
                .refused(ErrorCode.PROVIDER_RATE_LIMITED)
                .another();
    }

    private static String inAMinute() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
    }

    private static List<Fault> statuses() {
        String group = "refusal";
        return List.of(
                failing(500, ErrorCode.PROVIDER_SERVER_ERROR).status(500),
                failing(502, ErrorCode.PROVIDER_SERVER_ERROR).status(502),
                failing(503, ErrorCode.PROVIDER_OVERLOADED),
                failing(529, ErrorCode.PROVIDER_OVERLOADED).status(529),
                Fault.of(group, "500, then well")
                        .streams(told -> List.of(error(told, 500), good(told)))
                        .wholes(told -> List.of(error(told, 500), whole(told.whole())))
                        .answered()
                        .another()
                        .attempts(2, 2),
                Fault.of(group, "503 twice, then well")
                        .streams(told -> List.of(error(told, 503), error(told, 503), good(told)))
                        .wholes(told -> List.of(error(told, 503), error(told, 503), whole(told.whole())))
                        .answered()
                        .another()
                        .attempts(3, 3),
                Fault.of(group, "500 without a body")
                        .both(told -> List.of(WireScript.of(answer(500, JSON, ""))))
                        .refused(ErrorCode.PROVIDER_SERVER_ERROR)
                        .status(500)
                        .another()
                        .attempts(3, 3),
                Fault.of(group, "500 with a page of HTML")
                        .both(told -> List.of(WireScript.of(answer(500, "text/html", "<html>Oops</html>"))))
                        .refused(ErrorCode.PROVIDER_SERVER_ERROR)
                        .status(500)
                        .another()
                        .attempts(3, 3),
                unauthorized(401),
                unauthorized(402),
                unauthorized(403),
                Fault.of(group, "400 because the context is too long")
                        .both(told -> List.of(WireScript.of(answer(400, JSON, told.tooLong()))))
                        .refused(ErrorCode.PROVIDER_REJECTED)
                        .status(400),
                Fault.of(group, "400 because of what the request says")
                        .both(told -> List.of(WireScript.of(
                                answer(400, JSON, told.error(400, told.word("bad_request"), "no such field")))))
                        .refused(ErrorCode.PROVIDER_REJECTED)
                        .status(400),
                Fault.of(group, "a redirect")
                        .both(told -> List.of(WireScript.of(
                                answer(302, "text/html", "<a>there</a>", "Location: http://127.0.0.1:9/elsewhere"))))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another());
    }

    private static Fault failing(int status, ErrorCode code) {
        return Fault.of("refusal", String.valueOf(status))
                .both(told -> List.of(error(told, status)))
                .refused(code)
                .another()
                .attempts(3, 3);
    }

    private static Fault unauthorized(int status) {
        return Fault.of("refusal", status + ": the gateway's own key is not good")
                .both(told -> List.of(WireScript.of(
                        answer(status, JSON, told.error(status, told.word("auth"), "Incorrect API key provided")))))
                .refused(ErrorCode.PROVIDER_AUTH_FAILED)
                .another();
    }

    private static WireScript error(Misanswers told, int status) {
        return WireScript.of(answer(status, JSON, told.error(status, told.word("server"), "it broke")));
    }

    private static List<Fault> errorsInStreams() {
        String group = "error in a 200";
        return List.of(
                Fault.of(group, "as the first event")
                        .streams(told -> once(Bill.NOTHING, begin(told), chunk(told.failure()), endChunks()))
                        .refused(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .another()
                        .costs(Cost.NOTHING_OR_ESTIMATED),
                Fault.of(group, "after the head of the stream")
                        .streams(told -> once(
                                Bill.UNTOLD, begin(told), chunk(told.beginning()), chunk(told.failure()), endChunks()))
                        .only(Talk.OPENAI, Talk.RESPONSES, Talk.ANTHROPIC, Talk.BEDROCK)
                        .refused(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .another()
                        .costs(Cost.NOTHING_OR_ESTIMATED),
                Fault.of(group, "after content")
                        .streams(told -> once(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                told.seen(),
                                chunk(told.failure()),
                                endChunks()))
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "after twenty events")
                        .streams(told -> once(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                told.seen(),
                                times(20, told.more()),
                                chunk(told.failure()),
                                endChunks()))
                        .cut(ErrorCode.PROVIDER_STREAM_INTERRUPTED)
                        .costs(Cost.ESTIMATED));
    }

    private static List<Fault> notAnswers() {
        String group = "no answer in a 200";
        String page = "<html><body>Sign in</body></html>";
        return List.of(
                bad2(group, "a page of HTML", told -> once(Bill.UNTOLD, answer(200, "text/html", page))),
                bad(
                        group,
                        "a page of HTML that is said to be JSON",
                        told -> once(Bill.UNTOLD, answer(200, JSON, page))),
                bad2(group, "nothing", told -> once(Bill.UNTOLD, answer(200, JSON, ""))),
                bad(
                        group,
                        "JSON that is cut short",
                        told -> once(Bill.UNTOLD, answer(200, JSON, told.whole().substring(0, 60)))),
                bad(group, "JSON of another kind", told -> once(Bill.UNTOLD, answer(200, JSON, "{\"sun\":true}"))),
                bad(
                        group,
                        "a stream that was not asked for",
                        told -> once(Bill.UNTOLD, begin(told), chunk(told.good()), endChunks())),
                Fault.of(group, "a whole answer instead of a stream")
                        .streams(told -> once(Bill.UNTOLD, answer(200, "text/plain", told.whole())))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "a stream without events")
                        .streams(told -> once(Bill.UNTOLD, begin(told), endChunks()))
                        .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                        .another()
                        .costs(Cost.ESTIMATED),
                bad2(group, "a gzip bomb that nobody asked for", told -> {
                    byte[] bomb = WireScript.gzipBomb(64);
                    return once(
                            Bill.UNTOLD,
                            head(
                                    200,
                                    "Content-Type: " + JSON,
                                    "Content-Encoding: gzip",
                                    "Content-Length: " + bomb.length),
                            raw(bomb));
                }),
                bad(
                                group,
                                "33 MiB",
                                told -> once(
                                        Bill.UNTOLD,
                                        head(200, "Content-Type: " + JSON, "Transfer-Encoding: chunked"),
                                        chunk("{\"x\":\""),
                                        times(33, "y".repeat(1 << 20).getBytes(UTF_8)),
                                        chunk("\"}"),
                                        endChunks()))
                        .heavy());
    }

    private static Fault bad(String group, String name, Function<Misanswers, List<WireScript>> scripts) {
        return Fault.of(group, name)
                .wholes(scripts)
                .refused(ErrorCode.PROVIDER_BAD_RESPONSE)
                .another()
                .costs(Cost.ESTIMATED);
    }

    private static Fault bad2(String group, String name, Function<Misanswers, List<WireScript>> scripts) {
        return bad(group, name, scripts).streams(scripts);
    }

    private static List<Fault> usages() {
        String group = "usage";
        return List.of(
                Fault.of(group, "missing")
                        .streams(told -> List.of(billed(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.openingWithoutUsage()),
                                chunk(told.closingWithoutUsage()),
                                endChunks())))
                        .wholes(told -> List.of(whole(told.wholeWithoutUsage()).billed(Bill.UNTOLD)))
                        .answered()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "below zero")
                        .streams(told -> List.of(billed(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.openingWithoutUsage()),
                                chunk(told.closing("-7", "-3")),
                                endChunks())))
                        .wholes(told -> List.of(whole(told.whole("-7", "-3")).billed(Bill.UNTOLD)))
                        .answered()
                        .costs(Cost.ESTIMATED),
                Fault.of(group, "10¹⁸ tokens")
                        .streams(told -> List.of(billed(
                                Bill.UNTOLD,
                                begin(told),
                                chunk(told.opening()),
                                chunk(told.closing("1000000000000000000", "1000000000000000000")),
                                endChunks())))
                        .wholes(told -> List.of(whole(told.whole("1000000000000000000", "1000000000000000000"))
                                .billed(Bill.UNTOLD)))
                        .answered()
                        .costs(Cost.ESTIMATED));
    }

    private static List<Fault> endings() {
        String group = "end";
        return List.of(
                Fault.of(group, "said twice")
                        .streams(told -> List.of(billed(
                                Bill.REPORTED, begin(told), chunk(joined(told.good(), told.closing())), endChunks())))
                        .answered()
                        .costs(Cost.REPORTED),
                Fault.of(group, "more content after it")
                        .streams(told -> List.of(billed(
                                Bill.REPORTED, begin(told), chunk(joined(told.good(), told.more())), endChunks())))
                        .only(Talk.OPENAI, Talk.RESPONSES, Talk.ANTHROPIC, Talk.BEDROCK)
                        .answered()
                        .costs(Cost.REPORTED),
                Fault.of(group, "a RST after it")
                        .streams(told -> List.of(billed(
                                Bill.REPORTED, begin(told), chunk(told.good()), pause(TICK.multipliedBy(6)), reset())))
                        .only(Talk.OPENAI, Talk.RESPONSES, Talk.ANTHROPIC, Talk.BEDROCK)
                        .answered()
                        .costs(Cost.REPORTED),
                Fault.of(group, "and then the connection is never closed")
                        .streams(told -> List.of(billed(Bill.REPORTED, begin(told), chunk(told.good()), hang())))
                        .only(Talk.OPENAI, Talk.RESPONSES, Talk.ANTHROPIC, Talk.BEDROCK)
                        .answered()
                        .costs(Cost.REPORTED));
    }

    // --- the usual answers

    /** A stream as it should be. */
    public static WireScript good(Misanswers told) {
        return billed(Bill.REPORTED, begin(told), chunk(told.opening()), chunk(told.closing()), endChunks());
    }

    /** A whole answer as it should be. */
    public static WireScript whole(String body) {
        return billed(Bill.REPORTED, answer(200, JSON, body));
    }

    /** What a provider answers that is well. */
    public static WireScript usual(Talk talk, boolean stream) {
        Misanswers told = new Misanswers(talk);
        return stream ? good(told) : whole(told.whole());
    }

    /** A stream as it should be that takes its time. */
    public static WireScript slow(Talk talk, int events, Duration pause) {
        Misanswers told = new Misanswers(talk);
        return billed(
                Bill.REPORTED,
                begin(told),
                chunk(told.opening()),
                slowly(events, told.more(), pause),
                chunk(told.closing()),
                endChunks());
    }

    /** A stream that never ends. */
    public static WireScript endless(Talk talk, Duration pause) {
        Misanswers told = new Misanswers(talk);
        return billed(Bill.UNTOLD, begin(told), chunk(told.opening()), forEver(told.more(), pause));
    }

    /** A stream that falls silent after some events. */
    public static WireScript falling(Talk talk, int events) {
        Misanswers told = new Misanswers(talk);
        return billed(Bill.UNTOLD, begin(told), chunk(told.opening()), times(events, told.more()), hang());
    }

    private static Step begin(Misanswers told) {
        return streamHead(told.streamType());
    }

    private static List<WireScript> once(Bill bill, Step... steps) {
        return List.of(billed(bill, steps));
    }

    private static WireScript billed(Bill bill, Step... steps) {
        return WireScript.of(steps).billed(bill);
    }

    private static WireScript prefixed(Step first, WireScript rest, Bill bill) {
        return WireScript.of(first).then(rest.steps().toArray(new Step[0])).billed(bill);
    }
}
