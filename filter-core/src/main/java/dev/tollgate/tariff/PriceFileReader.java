package dev.tollgate.tariff;

import dev.tollgate.tariff.PriceFile.Format;
import dev.tollgate.tariff.PriceFile.Models;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads price lists in the formats of two communities. What a list says besides prices of tokens is passed over. */
public final class PriceFileReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private PriceFileReader() {}

    /**
     * What models cost, by the file's names of their providers.
     *
     * @throws PriceFileProblem when it is not of the format, or a price in it is none
     */
    public static Map<String, Models> read(Format format, byte[] content) throws PriceFileProblem {
        JsonNode root = parse(content);
        return format == Format.LITELLM ? new LiteLlmPrices(root).read() : new GenAiPrices(root).read();
    }

    private static JsonNode parse(byte[] content) throws PriceFileProblem {
        try {
            return JSON.readTree(content);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String place = at == null ? "" : " in line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new PriceFileProblem("not JSON" + place, e);
        }
    }
}
