package dev.tollgate.tariff;

import dev.tollgate.tariff.PriceFile.Format;
import java.util.List;
import java.util.Map;

/** What price files call the providers that we know, by what they are like. */
final class FileProviders {
    private static final Map<String, List<String>> LITELLM = Map.ofEntries(
            Map.entry("azure-openai", List.of("azure", "azure_text")),
            Map.entry("azure-foundry", List.of("azure_ai", "azure")),
            Map.entry("bedrock", List.of("bedrock_converse", "bedrock", "bedrock_mantle")),
            Map.entry("cohere", List.of("cohere_chat", "cohere")),
            Map.entry("fireworks", List.of("fireworks_ai", "fireworks_ai-embedding-models")),
            Map.entry("jina", List.of("jina_ai")),
            Map.entry("nvidia", List.of("nvidia_nim")),
            Map.entry("openai", List.of("openai", "text-completion-openai")),
            Map.entry("together", List.of("together_ai")),
            Map.entry(
                    "vertex",
                    List.of(
                            "vertex_ai-language-models",
                            "vertex_ai-anthropic_models",
                            "vertex_ai",
                            "vertex_ai-embedding-models",
                            "vertex_ai-llama_models",
                            "vertex_ai-mistral_models",
                            "vertex_ai-deepseek_models",
                            "vertex_ai-qwen_models",
                            "vertex_ai-openai_models")));

    private static final Map<String, List<String>> GENAI_PRICES = Map.ofEntries(
            Map.entry("azure-openai", List.of("azure")),
            Map.entry("azure-foundry", List.of("azure")),
            Map.entry("bedrock", List.of("aws")),
            Map.entry("gemini", List.of("google")),
            Map.entry("vertex", List.of("google", "anthropic")),
            Map.entry("voyage", List.of("voyageai")),
            Map.entry("xai", List.of("x-ai")));

    private FileProviders() {}

    static List<String> of(Format format, String family) {
        return (format == Format.LITELLM ? LITELLM : GENAI_PRICES).getOrDefault(family, List.of(family));
    }
}
