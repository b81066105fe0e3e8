package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tollgate.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SchemaSampleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "true",
                "{\"type\":\"object\"}",
                "{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"null\"}}}",
                "{\"properties\":{\"a\":{\"type\":\"boolean\"}},\"required\":[\"a\",\"unknown\"]}",
                "{\"type\":\"array\",\"minItems\":2,\"items\":{\"type\":\"integer\",\"minimum\":5}}",
                "{\"type\":\"array\",\"minItems\":2,\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"number\"}]}",
                "{\"type\":[\"null\",\"string\"]}",
                "{\"type\":\"string\",\"minLength\":10}",
                "{\"type\":\"string\",\"maxLength\":2}",
                "{\"type\":\"string\",\"format\":\"date-time\"}",
                "{\"type\":\"string\",\"format\":\"uuid\"}",
                "{\"type\":\"string\",\"format\":\"email\"}",
                "{\"enum\":[\"red\",\"green\"]}",
                "{\"const\":42}",
                "{\"type\":\"integer\",\"minimum\":3,\"multipleOf\":5}",
                "{\"type\":\"integer\",\"maximum\":-3}",
                "{\"type\":\"number\",\"exclusiveMinimum\":0}",
                "{\"type\":\"number\",\"exclusiveMaximum\":0}",
                "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
                "{\"allOf\":[{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\"}}},"
                        + "{\"type\":\"object\",\"required\":[\"b\"],\"properties\":{\"b\":{\"type\":\"integer\"}}}]}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/a\"}}}}",
                "{\"type\":\"object\",\"required\":[\"next\"],\"properties\":{\"next\":{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#\"}]}}}",
            })
    void theSampleFitsTheSchema(String schema) {
        JsonNode sample = SchemaSample.of(Json.read(schema));

        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(Json.text(sample), InputFormat.JSON))
                .as(Json.text(sample))
                .isEmpty();
    }

    @Test
    void aSchemaThatCallsForItselfComesToAnEnd() {
        String circle =
                "{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"$ref\":\"#\"}}}";

        assertThat(Json.text(SchemaSample.of(Json.read(circle)))).hasSizeLessThan(100_000);
    }
}
