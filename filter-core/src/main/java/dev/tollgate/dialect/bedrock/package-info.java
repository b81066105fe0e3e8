/**
 * The dialect of Amazon Bedrock's Converse and ConverseStream. Shapes follow the service model of the Bedrock Runtime API
 * (2023-09-30); what models take besides stands in {@code additionalModelRequestFields}.
 */
@NullMarked
package dev.tollgate.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
