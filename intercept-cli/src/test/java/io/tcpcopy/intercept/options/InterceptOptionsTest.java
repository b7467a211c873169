package io.tcpcopy.intercept.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.open.AutoSettings;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.queue.QueueSettings;
import io.tcpcopy.capture.ring.RingSettings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterceptOptionsTest {
    private static final LifeCycleSettings IN_THE_FOREGROUND =
            new LifeCycleSettings(false, Optional.empty(), Optional.empty(), List.of());

    private static final String FILTER = "tcp and src port 8080";

    private final StringWriter out = new StringWriter();

    @Test
    void aFilterIsEnough() throws Exception {
        assertThat(parse("-F", FILTER))
                .contains(new InterceptSettings(
                        List.of(new AutoSettings(
                                headers("any"), new PcapSettings("any", FILTER, true, 144, 16 << 20, true))),
                        Optional.empty(),
                        new Endpoint(Address.ANY, 36524),
                        AllowList.EVERYBODY,
                        TunnelMode.DEFAULT,
                        false,
                        16,
                        ContainerAddress.NONE,
                        65536,
                        TimeUnit.SECONDS.toNanos(1200),
                        Optional.empty(),
                        Optional.empty(),
                        IN_THE_FOREGROUND));
    }

    private static RingSettings headers(String device) {
        return new RingSettings(device, FILTER, "", 120, 256, 4 << 20, 0, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--capture=pcap", "--pcap-capture", "--capture=ring --pcap-capture"})
    void pcapCaptureCanBeNamedAndTheLastOneCounts(String options) throws Exception {
        String all = "-F tcp " + options;

        assertThat(captures(all)).containsExactly(new PcapSettings("any", "tcp", true, 144, 16 << 20, true));
        assertThat(captures(all + " --capture auto")).isEqualTo(captures("-F tcp"));
    }

    @Test
    void knowsNoOtherWaysToCapture() {
        assertThatThrownBy(() -> captures("-F tcp --capture raw"))
                .hasMessage("option --capture: \"raw\": expected auto, ring, pcap");
    }

    private List<CaptureSettings> captures(String options) throws Exception {
        return parse(options.split(" ")).orElseThrow().captures();
    }

    @Test
    void everyOptionIsTaken() throws Exception {
        assertThat(parse(
                        "-F" + FILTER,
                        "-i",
                        "eth0,eth1",
                        "-p7",
                        "-b",
                        "10.0.0.3",
                        "-n",
                        "6",
                        "-s",
                        "1024",
                        "-t",
                        "5",
                        "--allow",
                        "10.0.0.0/8,192.168.0.1",
                        "-D",
                        "172.17.0.1-10.0.0.9",
                        "--single",
                        "-c",
                        "--resp-payload",
                        "--capture=ring",
                        "--dnat"))
                .contains(new InterceptSettings(
                        List.of(
                                new RingSettings("eth0", FILTER, "", 248, 512, 8 << 20, 0, false),
                                new RingSettings("eth1", FILTER, "", 248, 512, 8 << 20, 0, false)),
                        Optional.empty(),
                        new Endpoint(address("10.0.0.3"), 7),
                        new AllowList(List.of(
                                new AllowList.Block(address("10.0.0.0"), 0xFF000000),
                                new AllowList.Block(address("192.168.0.1"), 0xFFFFFFFF))),
                        new TunnelMode(TunnelFormat.of(true, true), true, true),
                        true,
                        6,
                        new ContainerAddress(address("172.17.0.1"), address("10.0.0.9")),
                        1024,
                        TimeUnit.SECONDS.toNanos(5),
                        Optional.empty(),
                        Optional.empty(),
                        IN_THE_FOREGROUND));
    }

    @Test
    void traditionalTakesPacketsFromTheQueueInsteadOfCapturing() throws Exception {
        InterceptSettings settings = parse("--traditional").orElseThrow();

        assertThat(settings.captures()).isEmpty();
        assertThat(settings.queue()).contains(new QueueSettings(1024, 120, List.of()));
    }

    @Test
    void traditionalLetsAddressesThrough() throws Exception {
        assertThat(parse("--traditional", "-x", "10.0.0.3,10.0.0.4")
                        .orElseThrow()
                        .queue())
                .contains(new QueueSettings(1024, 120, List.of(0x0A000003, 0x0A000004)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1024", "1024, 1024", "1025, 1025", "65536, 65536"})
    void theQueueIsNoShorterThanTheKernelMakesIt(String asked, int length) throws Exception {
        assertThat(parse("--traditional", "-q", asked).orElseThrow().queue())
                .contains(new QueueSettings(length, 120, List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"-x 10.0.0.3,", "-x 10.0.0.0/24", "-x host", "-x 0.0.0.0", "-q 0", "-q 65537", "-q x"})
    void aBadValueOfTraditionalIsRefusedNamingOptionAndValue(String option, String value) {
        assertThatThrownBy(() -> parse("--traditional", option, value))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("option " + option + ": \"" + value + "\": ");
    }

    @Test
    void noMoreThan32AddressesAreLetThrough() throws Exception {
        String most = String.join(",", Collections.nCopies(32, "10.0.0.3"));

        assertThat(parse("--traditional", "-x", most)).isPresent();
        assertThatThrownBy(() -> parse("--traditional", "-x", most + ",10.0.0.3"))
                .isInstanceOf(BadInputException.class)
                .hasMessageEndingWith("expected a list of 1 to 32 values, separated by commas");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--metrics 36524",
                "-b 10.0.0.3 --metrics 0.0.0.0:36524",
                "-b 10.0.0.3 --metrics 10.0.0.3:36524",
                "-p 9464 --metrics 9464"
            })
    void numbersAreNotShownWhereTcpcopyConnectsTo(String options) {
        String[] arguments = ("-F tcp " + options).split(" ");
        String value = arguments[arguments.length - 1];

        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --metrics: \"" + value + "\": tcpcopy connects to this port (-p)");
    }

    @Test
    void anotherAddressMayHaveTheSamePort() throws Exception {
        assertThat(parse("-F", "tcp", "-b", "10.0.0.3", "--metrics", "36524")
                        .orElseThrow()
                        .metrics())
                .contains(Endpoint.ipv4(0x7F000001, 36524));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-F", "-i"})
    void whatIsToCaptureMeansNothingWithTraditional(String option) {
        assertThatThrownBy(() -> parse("--traditional", option, "any"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option " + option + ": not with --traditional, which takes packets from NFQUEUE 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "-q"})
    void whatIsForTheQueueMeansNothingWithoutTraditional(String option) {
        assertThatThrownBy(() -> parse("-F", FILTER, option, "2000"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option " + option + ": only with --traditional");
    }

    @Test
    void theLastOfARepeatedOptionWins() throws Exception {
        assertThat(parse("-F", "udp", "-F", FILTER)).isEqualTo(parse("-F", FILTER));
    }

    @Test
    void whatIsNotNeededIsAccepted() throws Exception {
        assertThat(parse("-F", FILTER, "--million", "--select", "--with-pfring")
                        .orElseThrow()
                        .lifeCycle()
                        .withoutEffect())
                .containsExactly("--million", "--select", "--with-pfring");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "-F tcp&&&&",
                "-F -s",
                "-F @/etc/hostname",
                "-i eth0,",
                "-i any,eth0",
                "-i eth0,eth0",
                "-p 0",
                "-p 65536",
                "-p http",
                "-b host",
                "-b 10.0.0.3:80",
                "-n 0",
                "-n 17",
                "-n x",
                "-s 1023",
                "-s 16777217",
                "-t 0",
                "-t 86401",
                "-t 5s",
                "-D 10.0.0.1",
                "-D 10.0.0.1-",
                "-D 10.0.0.1-10.0.0.2-10.0.0.3",
                "--allow 10.0.0.1,",
                "--allow 10.0.0.0/33",
                "--allow 10.0.0.0/0",
                "--allow 10.0.0.1/24",
                "--allow host",
                "-l /nonexistent/folder/log",
            })
    void aBadValueIsRefusedNamingOptionAndValue(String option, String value) {
        assertThatThrownBy(() -> parse("-F", FILTER, option, value))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("option " + option + ": \"" + value + "\": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void withoutCombiningEachRecordGoesByItself() throws Exception {
        InterceptSettings settings =
                parse("-F", FILTER, "--disable-combined", "--with-resp-payload").orElseThrow();
        assertThat(settings.mode()).hasToString("--disable-combined --resp-payload");
        assertThat(settings.maxBatch()).isOne();
    }

    @Test
    void fromTheQueueAsMuchIsTakenAsRecordsHold() throws Exception {
        InterceptSettings settings =
                parse("--traditional", "--resp-payload", "--single").orElseThrow();
        assertThat(settings.queue()).contains(new QueueSettings(1024, 248, List.of()));
        assertThat(settings.mode()).hasToString("--single --resp-payload");
    }

    @Test
    void withPayloadSixRecordsAreTheLargestBatch() throws Exception {
        assertThat(parse("-F", FILTER, "--resp-payload").orElseThrow().maxBatch())
                .isEqualTo(6);
        assertThatThrownBy(() -> parse("-F", FILTER, "--resp-payload", "-n", "7"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -n: \"7\": expected a number from 1 to 6");
    }

    @Test
    void optionsThatWouldHaveNoEffectBesideOthersAreRefused() {
        assertThatThrownBy(() -> parse("-F", FILTER, "--disable-combined", "-n", "4"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -n: \"4\": --disable-combined leaves nothing to combine");
        assertThatThrownBy(() -> parse("-F", FILTER, "-c"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("\"-c\": expected --single beside it");
    }

    @Test
    void theFilterIsRequired() {
        assertThatThrownBy(() -> parse("-p", "7"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -F is missing: expected a filter such as 'tcp and src port 80'");
    }

    @Test
    void anEmptyFilterIsRefused() {
        assertThatThrownBy(() -> parse("-F", ""))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -F: \"\": expected a filter such as 'tcp and src port 80'");
    }

    @Test
    void aFilterThatWasNotQuotedIsRefusedInsteadOfCapturingWithItsFirstWord() {
        assertThatThrownBy(() -> parse("-F", "tcp", "and", "src", "port", "8080"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("TC105: \"and\": expected an option; a value of several words must be quoted");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThatThrownBy(() -> parse("-F", FILTER, "-z"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("\"-z\": expected an option that -h lists");
    }

    @Test
    void helpIsPrintedInsteadOfRunning() throws Exception {
        assertThat(parse("-h")).isEmpty();

        assertThat(out.toString())
                .startsWith("Usage: intercept")
                .contains("-F EXPR", "36524", "1000000", "Exit status");
    }

    @Test
    void theVersionIsPrintedInsteadOfRunning() throws Exception {
        assertThat(parse("-v")).isEmpty();

        assertThat(out.toString()).startsWith("intercept ");
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private Optional<InterceptSettings> parse(String... arguments) throws Exception {
        return InterceptOptions.read(arguments, new PrintWriter(out));
    }
}
