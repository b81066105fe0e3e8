package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tollgate.provider.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
    private static final String BROKEN = "models: { smart: { targets: [nowhere/x] } }\n";

    @TempDir
    private Path folder;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<Settings> taken = new CopyOnWriteArrayList<>();
    private Path file;
    private ConfigWatch watch;

    @BeforeEach
    void aFileIsWatched() throws Exception {
        file = Files.writeString(folder.resolve("tollgate.yaml"), withModel("first"));
        watch = watching(taken::add);
        watch.start();
    }

    @AfterEach
    void stop() {
        watch.close();
        timer.shutdownNow();
    }

    @Test
    void theFirstConfigurationIsTakenAtOnce() {
        assertThat(models()).containsExactly("first");
        assertThat(watch.generation()).isEqualTo(1);
        assertThat(watch.lastProblem()).isEmpty();
    }

    @Test
    void aFileThatIsBrokenFromTheStartIsRefused() throws IOException {
        Files.writeString(file, BROKEN);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> watching(taken::add).start());
    }

    @Test
    void aChangeIsTaken() throws IOException {
        Files.writeString(file, withModel("second"));

        await().until(() -> watch.generation() == 2);
        assertThat(models()).containsExactly("first", "second");
    }

    @Test
    void aBrokenFileLeavesTheLastGoodOneInForceAndIsReportedOnce() throws IOException {
        Files.writeString(file, BROKEN);

        await().until(() -> watch.lastProblem().isPresent());
        ConfigException problem = watch.lastProblem().orElseThrow();
        assertThat(problem).hasMessageContaining("tollgate.yaml:1:30: no provider is called 'nowhere'");
        awaitLooks();
        assertThat(watch.lastProblem()).containsSame(problem);
        assertThat(models()).containsExactly("first");
        assertThat(watch.generation()).isEqualTo(1);
    }

    @Test
    void aRepairedFileIsTakenAndTheProblemIsGone() throws IOException {
        Files.writeString(file, BROKEN);
        await().until(() -> watch.lastProblem().isPresent());

        Files.writeString(file, withModel("repaired"));

        await().until(() -> watch.generation() == 2);
        assertThat(watch.lastProblem()).isEmpty();
        assertThat(models()).containsExactly("first", "repaired");
    }

    @Test
    void goingBackToWhatIsInForceTakesNothingAnew() throws IOException {
        Files.writeString(file, BROKEN);
        await().until(() -> watch.lastProblem().isPresent());

        Files.writeString(file, withModel("first"));

        await().until(() -> watch.lastProblem().isEmpty());
        assertThat(models()).containsExactly("first");
    }

    @Test
    void aFileThatIsOnlyTouchedIsNotTakenAgain() throws IOException {
        Files.writeString(file, withModel("first"));
        awaitLooks();

        assertThat(models()).containsExactly("first");
    }

    @Test
    void aFileThatDisappearsIsAProblemAndComesBack() throws IOException {
        Files.delete(file);
        await().until(() -> watch.lastProblem().isPresent());
        assertThat(watch.lastProblem().orElseThrow()).hasMessageContaining("does not exist");

        Files.writeString(file, withModel("back"));

        await().until(() -> watch.generation() == 2);
        assertThat(models()).containsExactly("first", "back");
    }

    @Test
    void anExchangedSymbolicLinkCounts() throws Exception {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        Files.writeString(one.resolve("tollgate.yaml"), withModel("one"));
        Files.writeString(two.resolve("tollgate.yaml"), withModel("two"));
        Path current = Files.createSymbolicLink(folder.resolve("current"), one);
        List<Settings> linked = new CopyOnWriteArrayList<>();
        ConfigWatch linkWatch =
                new ConfigWatch(loader(), current.resolve("tollgate.yaml"), timer, Duration.ofMillis(10), linked::add);
        linkWatch.start();

        Path next = Files.createSymbolicLink(folder.resolve("next"), two);
        Files.move(next, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        await().until(() -> linkWatch.generation() == 2);
        assertThat(linked.get(1).models()).containsOnlyKeys("two");
        linkWatch.close();
    }

    @Test
    void aSecretThatIsExchangedIsReadAnew() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "sk-first");
        Files.writeString(file, withSecret(secret));
        await().until(() -> watch.generation() == 2);

        Files.writeString(secret, "sk-second");

        await().until(() -> watch.generation() == 3);
        assertThat(keys()).containsExactly("sk-first", "sk-second");
    }

    @Test
    void aSecretThatIsGoneLeavesTheLastGoodOneInForceAndIsTakenWhenItIsBack() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "sk-first");
        Files.writeString(file, withSecret(secret));
        await().until(() -> watch.generation() == 2);

        Files.delete(secret);
        await().until(() -> watch.lastProblem().isPresent());
        assertThat(watch.lastProblem().orElseThrow()).hasMessageContaining("cannot be read");
        Files.writeString(secret, "sk-third");

        await().until(() -> watch.generation() == 3);
        assertThat(watch.lastProblem()).isEmpty();
        assertThat(keys()).containsExactly("sk-first", "sk-third");
    }

    @Test
    void aSecretThatIsGoneAndComesBackTheSameTakesNothingAnew() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "sk-first");
        Files.writeString(file, withSecret(secret));
        await().until(() -> watch.generation() == 2);

        Files.delete(secret);
        await().until(() -> watch.lastProblem().isPresent());
        Files.writeString(secret, "sk-first");

        await().until(() -> watch.lastProblem().isEmpty());
        awaitLooks();
        assertThat(watch.generation()).isEqualTo(2);
    }

    @Test
    void aConfigurationThatCannotBePutInForceCountsAsBroken() throws Exception {
        List<Settings> picky = new CopyOnWriteArrayList<>();
        ConfigWatch pickyWatch = watching(settings -> {
            if (settings.models().containsKey("impossible")) {
                throw new IllegalStateException("no LimitStore for the cluster");
            }
            picky.add(settings);
        });
        pickyWatch.start();

        Files.writeString(file, withModel("impossible"));

        await().until(() -> pickyWatch.lastProblem().isPresent());
        assertThat(pickyWatch.lastProblem().orElseThrow()).hasMessageContaining("no LimitStore for the cluster");
        assertThat(picky).hasSize(1);
        pickyWatch.close();
    }

    @Test
    void nothingIsTakenAfterClose() throws IOException {
        watch.close();
        Files.writeString(file, withModel("late"));
        await().until(() -> timer.getQueue().isEmpty());

        assertThat(models()).containsExactly("first");
    }

    private ConfigWatch watching(Consumer<Settings> taker) {
        return new ConfigWatch(loader(), file, timer, Duration.ofMillis(10), taker);
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(Corpus.surroundings());
    }

    /** Waits until the file has been looked at a few times. */
    private void awaitLooks() {
        long before = timer.getCompletedTaskCount();
        await().until(() -> timer.getCompletedTaskCount() > before + 4);
    }

    private List<String> models() {
        return taken.stream()
                .flatMap(settings -> settings.models().keySet().stream())
                .toList();
    }

    private List<String> keys() {
        return taken.stream()
                .flatMap(settings -> Stream.ofNullable(settings.providers().get("openai")))
                .map(provider ->
                        ((Credential.Bearer) provider.credential()).token().reveal())
                .toList();
    }

    private static String withSecret(Path secret) {
        return "providers: { openai: { api-key: \"${file:" + secret + "}\" } }\n"
                + "models: { smart: { targets: [openai/x] } }\n";
    }

    private static String withModel(String name) {
        return "providers: { echo: }\nmodels: { " + name + ": { targets: [echo/echo] } }\n";
    }
}
