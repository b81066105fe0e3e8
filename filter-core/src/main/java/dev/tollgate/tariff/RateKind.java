package dev.tollgate.tariff;

/** What a rate is for. A price list gives them in USD per million tokens, and that of searches per thousand of them. */
public enum RateKind {
    INPUT("input", "Input tokens, and those of every kind of input that has no rate of its own."),
    CACHED_INPUT("cached-input", "Input tokens read from the provider's cache. As `input` by default."),
    CACHE_WRITE_5M(
            "cache-write-5m",
            "Input tokens written to a cache for five minutes, or for the provider's usual time. As `input` by default."),
    CACHE_WRITE_1H(
            "cache-write-1h",
            "Input tokens written to a cache for an hour, or for the provider's longer time. As `cache-write-5m` by default."),
    OUTPUT("output", "Output tokens, reasoning included."),
    AUDIO_INPUT("audio-input", "Input tokens that are audio. Without it a call that has some is unpriced."),
    AUDIO_OUTPUT("audio-output", "Output tokens that are audio. Without it a call that has some is unpriced."),
    IMAGE_INPUT("image-input", "Input tokens that are images, where they are counted apart. As `input` by default."),
    IMAGE_OUTPUT("image-output", "Output tokens that are images. Without it a call that has some is unpriced."),
    SEARCH(
            "search",
            "A thousand searches of a reranking model, in USD. Without it a call that counts some is unpriced.");

    private final String key;
    private final String about;

    RateKind(String key, String about) {
        this.key = key;
        this.about = about;
    }

    /** Its name in a price list. */
    public String key() {
        return key;
    }

    /** What it is, in Markdown. */
    public String about() {
        return about;
    }
}
