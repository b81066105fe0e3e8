package dev.tollgate.receive;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the headers of one part of a form say: whether it is the field {@code model}. */
record FormPart(boolean isModel) {
    private static final String MODEL = "model";
    private static final Pattern FORM_DATA = Pattern.compile("form-data *(?:;.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARAMETER =
            Pattern.compile("\\G *; *([A-Za-z0-9_*-]+)=(?:\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"|([^\" ;]+))");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]+):[ \\t]*([^\\x00-\\x08\\x0a-\\x1f]*)");
    private static final Pattern PLAIN_TEXT =
            Pattern.compile("text/plain *(?:; *charset=\"?(?:utf-8|us-ascii)\"? *)?", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the headers of a part.
     *
     * @param headers all of them, the empty line after the last included
     * @throws dev.tollgate.Refusal when they are malformed, or readers may differ about what they say
     */
    static FormPart of(byte[] headers) {
        String text = new String(headers, 0, headers.length - 4, StandardCharsets.ISO_8859_1);
        String disposition = null;
        boolean encoded = false;
        boolean plain = true;
        for (String line : text.split("\r\n", -1)) {
            Matcher header = HEADER.matcher(line);
            if (!header.matches()) {
                throw FormScanner.malformed("a header of a part is no header");
            }
            switch (header.group(1).toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    if (disposition != null) {
                        throw FormScanner.malformed("a part has two Content-Dispositions");
                    }
                    disposition = header.group(2);
                }
                case "content-transfer-encoding" -> encoded = true;
                case "content-type" ->
                    plain = PLAIN_TEXT.matcher(header.group(2).strip()).matches();
                default -> {
                    // others say nothing about fields
                }
            }
        }
        boolean model = isModel(disposition);
        if (model && (encoded || !plain)) {
            throw FormScanner.malformed("'model' is not plain text");
        }
        return new FormPart(model);
    }

    private static boolean isModel(@Nullable String disposition) {
        if (disposition == null || !FORM_DATA.matcher(disposition).matches()) {
            throw FormScanner.malformed("a part is no field of a form");
        }
        String rest = disposition.substring("form-data".length()).stripTrailing();
        Matcher parameter = PARAMETER.matcher(rest);
        String name = null;
        boolean file = false;
        int end = 0;
        while (parameter.find()) {
            end = parameter.end();
            String key = parameter.group(1).toLowerCase(Locale.ROOT);
            file = file || key.startsWith("filename");
            if (key.startsWith("name")) {
                if (name != null || !key.equals("name")) {
                    throw FormScanner.malformed("a part has two names");
                }
                name = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
            }
        }
        if (name == null || end != rest.length() || name.indexOf('\\') >= 0) {
            throw FormScanner.malformed("a part has no name, or one that is hard to read");
        }
        if (!name.strip().equalsIgnoreCase(MODEL)) {
            return false;
        }
        if (!name.equals(MODEL) || file) {
            throw FormScanner.malformed("'model' is written in another way, or sent as a file");
        }
        return true;
    }
}
