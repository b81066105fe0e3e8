package dev.tollgate.dialect;

import dev.tollgate.chat.Part.Source;
import org.jspecify.annotations.Nullable;

/** Base64 data URLs (RFC 2397), the form in which OpenAI-like requests hold the bytes of images and files. */
public final class DataUrl {
    private static final String SCHEME = "data:";
    private static final String MARK = ";base64,";

    private DataUrl() {}

    /** What a data URL holds; null when it is some other URL, is not base64, or has parameters that would be lost. */
    public static Source.@Nullable Inline read(String url) {
        int mark = url.startsWith(SCHEME) ? url.indexOf(MARK) : -1;
        if (mark <= SCHEME.length()) {
            return null;
        }
        String mediaType = url.substring(SCHEME.length(), mark);
        boolean plain = mediaType.indexOf(';') < 0 && mediaType.indexOf(',') < 0;
        return plain ? new Source.Inline(mediaType, url.substring(mark + MARK.length())) : null;
    }

    /** The data URL of bytes in a request. */
    public static String write(Source.Inline inline) {
        return SCHEME + inline.mediaType() + MARK + inline.base64();
    }
}
