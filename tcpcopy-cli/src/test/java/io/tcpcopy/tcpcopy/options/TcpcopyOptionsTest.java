package io.tcpcopy.tcpcopy.options;

import static io.tcpcopy.packet.Ipv4Header.PROTOCOL_TCP;
import static io.tcpcopy.packet.Ipv4Header.PROTOCOL_UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.open.AutoSettings;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.raw.RawSettings;
import io.tcpcopy.capture.ring.RingSettings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.frame.FrameRoute;
import io.tcpcopy.inject.frame.FrameSettings;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.Errand;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpcopyOptionsTest {
    private static final int ONLINE = 0x0A000001;
    private static final int TARGET = 0x0A000002;
    private static final int ASSISTANT = 0x0A000003;
    private static final int OTHER_TARGET = 0x0A000004;
    /** Sessions may have two fifths of the heap, which no option sets. */
    private static final long HEAP_BUDGET = (long) (Runtime.getRuntime().maxMemory() * 0.4);

    private static final List<String> REQUIRED = List.of("-x", "80-10.0.0.2:8080", "-s", "10.0.0.3");

    private final StringWriter out = new StringWriter();

    @Test
    void theTwoRequiredOptionsAreEnough() throws Exception {
        TcpcopySettings settings = readWithRequired();

        assertThat(settings.copy().session())
                .isEqualTo(Settings.of(
                                List.of(new Transfer(new Endpoint(Address.ANY, 80), Endpoint.ipv4(TARGET, 8080))))
                        .heapBudget(HEAP_BUDGET)
                        .ownAddresses(settings.copy().session().ownAddresses())
                        .build());
        assertThat(settings.returnPath().intercepts()).containsExactly(Endpoint.ipv4(ASSISTANT, 36524));
        assertThat(settings.returnPath().connectionsPerIntercept()).isEqualTo(2);
        assertThat(settings.returnPath().lonely()).isFalse();
        assertThat(settings.returnPath().mode()).isEqualTo(TunnelMode.DEFAULT);
        assertThat(settings.copy().memoryLimitBytes()).isEqualTo(2048L << 20);
        assertThat(settings.captures())
                .containsExactly(new AutoSettings(
                        new RingSettings(
                                "any",
                                "tcp and (dst port 80) and not ((dst host 10.0.0.2 and dst port 8080))",
                                "",
                                65600,
                                256,
                                8 << 20,
                                56 << 20,
                                false),
                        new PcapSettings(
                                "any",
                                "tcp and (dst port 80) and not ((dst host 10.0.0.2 and dst port 8080))",
                                true,
                                65600,
                                32 << 20,
                                false)));
    }

    @Test
    void everyOptionIsTaken() throws Exception {
        TcpcopySettings settings = read(
                "-x",
                "10.0.0.1:80-10.0.0.2:8080,443-10.0.0.2:8443",
                "-s",
                "10.0.0.3,10.0.0.4:7",
                "-p",
                "9",
                "-C",
                "11",
                "-LgOW",
                "-c",
                "10.0.1.1,10.0.0.2,10.0.1.2",
                "-H",
                "10.0.0.9",
                "-n",
                "3",
                "-f",
                "5",
                "-r",
                "50",
                "-M",
                "9000",
                "-D",
                "8960",
                "-R",
                "20",
                "-t",
                "30",
                "-k",
                "40",
                "-m",
                "128",
                "-i",
                "eth0,eth1",
                "-F",
                "tcp port 80",
                "-B",
                "2047",
                "-S",
                "128",
                "--single",
                "--disable-combined",
                "--resp-payload",
                "--dnat");

        assertThat(settings.copy().session())
                .isEqualTo(Settings.of(List.of(
                                new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080)),
                                new Transfer(new Endpoint(Address.ANY, 443), Endpoint.ipv4(TARGET, 8443))))
                        .clientAddresses(List.of(Address.ipv4(0x0A000101), Address.ipv4(0x0A000102)))
                        .loopbackClient(Address.ipv4(0x0A000009))
                        .copies(3)
                        .portShiftFactor(5)
                        .percentage(50)
                        .gradually(true)
                        .wholeSessionsOnly(true)
                        .waitForResponse(false)
                        .dnat(true)
                        .mtu(9000)
                        .mss(8960)
                        .fixedRttNs(TimeUnit.MILLISECONDS.toNanos(20))
                        .timeoutsNs(TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(40))
                        .memoryBudget(32L << 20)
                        .heapBudget(HEAP_BUDGET)
                        .ownAddresses(settings.copy().session().ownAddresses())
                        .build());
        assertThat(settings.returnPath().intercepts())
                .containsExactly(Endpoint.ipv4(ASSISTANT, 9), Endpoint.ipv4(ASSISTANT + 1, 7));
        assertThat(settings.returnPath().connectionsPerIntercept()).isEqualTo(11);
        assertThat(settings.returnPath().lonely()).isTrue();
        assertThat(settings.returnPath().mode()).isEqualTo(new TunnelMode(TunnelFormat.of(false, true), true, true));
        assertThat(settings.copy().memoryLimitBytes()).isEqualTo(128L << 20);
        assertThat(settings.captures()).containsExactly(largest("eth0"), largest("eth1"));
    }

    private static AutoSettings largest(String device) {
        String outgoing = "(dst host 10.0.0.1 and dst port 80)";
        return new AutoSettings(
                new RingSettings(device, "tcp port 80", outgoing, 128, 256, 2047 << 17, 1023 << 20, false),
                new PcapSettings(
                        device, "(tcp port 80) and (inbound or " + outgoing + ")", false, 128, 2047 << 20, false));
    }

    @Test
    void lettersClusterAndValuesMayBeAttached() throws Exception {
        TcpcopySettings settings = read("-Wn2", "-LC3", "-x80-10.0.0.2:8080", "-s10.0.0.3");

        assertThat(settings.copy().session().waitForResponse()).isFalse();
        assertThat(settings.copy().session().copies()).isEqualTo(2);
        assertThat(settings.returnPath().lonely()).isTrue();
        assertThat(settings.returnPath().connectionsPerIntercept()).isEqualTo(3);
    }

    @Test
    void longNamesMeanTheSame() throws Exception {
        TcpcopySettings settings = read("--transfer", "80-10.0.0.2:8080", "--intercept=10.0.0.3");

        assertThat(settings).isEqualTo(readWithRequired());
    }

    @Test
    void theLastOfARepeatedOptionWins() throws Exception {
        assertThat(readWithRequired("-n", "5", "-n", "6").copy().session().copies())
                .isEqualTo(6);
    }

    @Test
    void theKeepaliveTimeoutFollowsTheSessionTimeout() throws Exception {
        assertThat(readWithRequired("-t", "10").copy().session().keepaliveTimeoutNs())
                .isEqualTo(TimeUnit.SECONDS.toNanos(130));
    }

    @Test
    void udpNeedsNoIntercept() throws Exception {
        TcpcopySettings settings = read("-x", "53-10.0.0.2:5353", "--udp", "-n", "3", "-H", "10.0.0.9");

        assertThat(settings.protocol()).isEqualTo(Protocol.UDP);
        assertThat(settings.returnPath().intercepts()).isEmpty();
        assertThat(settings.copy().session())
                .isEqualTo(Settings.of(
                                List.of(new Transfer(new Endpoint(Address.ANY, 53), Endpoint.ipv4(TARGET, 5353))))
                        .copies(3)
                        .loopbackClient(Address.ipv4(0x0A000009))
                        .heapBudget(HEAP_BUDGET)
                        .ownAddresses(settings.copy().session().ownAddresses())
                        .build());
        assertThat(settings.captures())
                .containsExactly(new AutoSettings(
                        new RingSettings(
                                "any",
                                "udp and (dst port 53) and not ((dst host 10.0.0.2 and dst port 5353))",
                                "",
                                65600,
                                256,
                                8 << 20,
                                56 << 20,
                                true),
                        new PcapSettings(
                                "any",
                                "udp and (dst port 53) and not ((dst host 10.0.0.2 and dst port 5353))",
                                true,
                                65600,
                                32 << 20,
                                false)));
        assertThat(settings.lifeCycle().withoutEffect()).isEmpty();
        assertThat(readWithRequired().protocol()).isEqualTo(Protocol.TCP);
    }

    @Test
    void udpIsCapturedRawWhereThatIsAskedFor() throws Exception {
        assertThat(readWithRequired("--udp", "--capture", "raw", "-F", "udp port 53")
                        .captures())
                .containsExactly(new RawSettings("any", PROTOCOL_UDP, "udp port 53", 65600, 64 << 20));
    }

    @Test
    void whatConcernsConnectionsIsAcceptedWithUdpAndSaidToHaveNoEffect() throws Exception {
        String[] options = ("--udp -p 9 -C3 -LOW -D 1000 -R 1 -t 5 -k 6 --single --disable-combined --with-resp-payload"
                        + " --dnat -U 63")
                .split(" ");

        assertThat(readWithRequired(options).lifeCycle().withoutEffect())
                .containsExactly(
                        "-U",
                        "-s",
                        "-p",
                        "-C",
                        "-L",
                        "-O",
                        "-W",
                        "-D",
                        "-R",
                        "-t",
                        "-k",
                        "--single",
                        "--disable-combined",
                        "--resp-payload",
                        "--dnat");
        assertThat(readWithRequired("-p", "9", "-C3", "-LOW").lifeCycle().withoutEffect())
                .isEmpty();
    }

    @Test
    void valuesWithoutEffectAreCheckedAllTheSame() {
        assertThatThrownBy(() -> readWithRequired("--udp", "-t", "0"))
                .hasMessage("option -t: \"0\": expected a number from 1 to 86400");
    }

    @Test
    void aWildcardStandsForAllHostsOfItsNet() throws Exception {
        List<Address> addresses =
                readWithRequired("-c", "10.0.0.x").copy().session().clientAddresses();

        assertThat(addresses)
                .hasSize(253)
                .startsWith(Address.ipv4(0x0A000001), Address.ipv4(0x0A000003))
                .endsWith(Address.ipv4(0x0A0000FE));
    }

    @Test
    void ringHasAnEighthOfItsBufferForFrames() throws Exception {
        assertThat(readWithRequired("--capture", "ring").captures())
                .containsExactly(new RingSettings(
                        "any",
                        "tcp and (dst port 80) and not ((dst host 10.0.0.2 and dst port 8080))",
                        "",
                        65600,
                        256,
                        8 << 20,
                        56 << 20,
                        false));
        assertThat(read("-x", "10.0.0.1:80-10.0.0.2:8080", "--capture=ring", "-i", "eth0", "-F", "tcp port 80", "-B8")
                        .captures())
                .containsExactly(new RingSettings(
                        "eth0",
                        "tcp port 80",
                        "(dst host 10.0.0.1 and dst port 80)",
                        65600,
                        256,
                        1 << 20,
                        7 << 20,
                        false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "-x 10008-1.2.3",
                "-x 80",
                "-x 80-",
                "-x 80-80",
                "-x 80-10.0.0.2",
                "-x 80-10.0.0.2:",
                "-x 80-:80",
                "-x 0-10.0.0.2:80",
                "-x 80-10.0.0.2:65536",
                "-x 10.0.0.256:80-10.0.0.2:80",
                "-x :80-10.0.0.2:80",
                "-x 80-10.0.0.2:80-10.0.0.3:80",
                "-x 80-10.0.0.2:80:80",
                "-x 80-10.0.0.2:80,",
                "-x host:80-10.0.0.2:80",
                "-x 10.0.0.1:80-10.0.0.1:80",
                "-x 80@aa:bb:cc:dd:ee:ff-10.0.0.2:80",
                "-x 1.1.1.1:2:80-10.0.0.2:80",
                "-x 80-10.0.0.2:80x",
                "-x 80-0.0.0.0:80",
                "-s host",
                "-s 10.0.0.3:0",
                "-s 10.0.0.3,",
                "-s 10.0.0.3,10.0.0.3",
                "-s 10.0.0",
                "-s :36524",
                "-p 0",
                "-p 65536",
                "-p x",
                "-c x",
                "-c 10.0.x.1",
                "-c 10.0.0.x.x",
                "-c 10.0.0.2",
                "-c 10.0.0",
                "-c .x",
                "-c 127.0.0.1",
                "-c 224.0.0.x",
                "-H host",
                "-H 127.0.0.1",
                "-H 255.255.255.255",
                "-H 10.0.0.2",
                "-H 10.0.0.x",
                "-n 0",
                "-n 1024",
                "-n -1",
                "-f -1",
                "-f 256",
                "-r 0",
                "-r 101",
                "--part 0/3",
                "--part 4/3",
                "--part 1/65",
                "--part 3",
                "--part 1/2/3",
                "-C 0",
                "-C 12",
                "-M 575",
                "-M 65536",
                "-D 63",
                "-D 65496",
                "-R 0",
                "-R 60001",
                "-R 1.5",
                "-t 0",
                "-t 86401",
                "-t 10s",
                "-k 0",
                "-k 86401",
                "-m 127",
                "-U 0",
                "-U 1k",
                "-m 1048577",
                "-B 0",
                "-B 2048",
                "-S 127",
                "-S 262145",
                "-i eth0,",
                "-i any,eth0",
                "-i eth0,eth0",
                "-F tcp&&&&",
                "-F @/etc/hostname",
                "-F -s",
                "-l /nonexistent/folder/log",
            })
    void aBadValueIsRefusedNamingOptionAndValue(String option, String value) {
        assertThatThrownBy(() -> readWithRequired(option, value))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("option " + option + ": \"" + value + "\": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void rawCaptureIsTakenWithABufferOfItsOwn() throws Exception {
        assertThat(readWithRequired("--capture", "raw").captures())
                .containsExactly(new RawSettings(
                        "any",
                        PROTOCOL_TCP,
                        "tcp and (dst port 80) and not ((dst host 10.0.0.2 and dst port 8080))",
                        65600,
                        64 << 20));
        assertThat(readWithRequired("--capture=raw", "-i", "eth0,eth1", "-F", "tcp port 80", "-S128", "-B1023")
                        .captures())
                .containsExactly(
                        new RawSettings("eth0", PROTOCOL_TCP, "tcp port 80", 128, 1023 << 20),
                        new RawSettings("eth1", PROTOCOL_TCP, "tcp port 80", 128, 1023 << 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--capture=pcap", "--pcap-capture", "--capture=raw --pcap-capture"})
    void pcapCaptureCanBeNamedAndTheLastOneCounts(String options) throws Exception {
        assertThat(readWithRequired(options.split(" ")).captures())
                .containsExactly(((AutoSettings) readWithRequired().captures().get(0)).pcap());
        assertThat(readWithRequired((options + " --capture raw").split(" ")).captures())
                .isEqualTo(readWithRequired("--capture", "raw").captures());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--capture rings | option --capture: \"rings\": expected auto, ring, pcap, raw",
                "--capture raw -B 1024 | option -B: \"1024\": expected a number from 1 to 1023",
                "--pcap-send | option -x: \"80-10.0.0.2:8080\": expected [ip:]port@mac-ip:port@mac with --pcap-send",
                "-o eth0 | option --pcap-send is missing: expected where -o is given"
            })
    void optionsThatDoNotFitEachOtherAreRefused(String options, String message) {
        assertThatThrownBy(() -> readWithRequired(options.split(" ")))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @Test
    void aProbeIsMadeOnceFromEachAddress() throws Exception {
        assertThat(readWithRequired("--probe", "10.1.9.9,10.1.9.10,10.1.9.9").errand())
                .contains(new Errand.Probe(List.of(Address.ipv4(0x0A010909), Address.ipv4(0x0A01090A))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--probe 10.1.9.9 --single | not with --single, whose intercept would give up a tcpcopy that runs for it",
                "--probe 10.1.9.9 --udp | it tries connections as a live copy makes them",
                "--probe 10.1.9.9 --doctor | not beside --doctor or --report",
                "--probe 10.1.9.9,10.0.0.2 | \"10.1.9.9,10.0.0.2\": expected addresses that clients of the targets can have",
                "--probe 127.0.0.1 | \"127.0.0.1\": expected addresses that clients of the targets can have",
                "--probe 224.0.0.1 | \"224.0.0.1\": expected addresses that clients of the targets can have"
            })
    void aProbeThatWouldDisturbOrShowNothingIsRefused(String options, String message) {
        assertThatThrownBy(() -> readWithRequired(options.split(" ")))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("option --probe: " + message);
    }

    @Test
    void aFilterThatIpPacketsCannotHaveIsRefusedForRawCapture() {
        assertThatThrownBy(() -> readWithRequired("--capture", "raw", "-F", "ether broadcast"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("TC105: option -F: \"ether broadcast\": ");
    }

    @Test
    void framesAreTakenWithTheirAddressesOnceForEachTarget() throws Exception {
        TcpcopySettings settings = readFrames(
                "80@02:00:00:00:00:0A-10.0.0.2:8080@02:00:00:00:00:0b,"
                        + "10.0.0.1:81@02:00:00:00:00:0a-10.0.0.2:81@02:00:00:00:00:0b,"
                        + "82@02:00:00:00:00:0a-10.0.0.4:80@02:00:00:00:00:0c",
                "-o",
                "eth0");

        assertThat(settings.copy().session().transfers())
                .containsExactly(
                        new Transfer(new Endpoint(Address.ANY, 80), Endpoint.ipv4(TARGET, 8080)),
                        new Transfer(Endpoint.ipv4(ONLINE, 81), Endpoint.ipv4(TARGET, 81)),
                        new Transfer(new Endpoint(Address.ANY, 82), Endpoint.ipv4(OTHER_TARGET, 80)));
        assertThat(settings.copy().inject())
                .isEqualTo(InjectSettings.addressed(new FrameSettings(
                        "eth0",
                        List.of(
                                new FrameRoute(Address.ipv4(TARGET), 0x02000000000AL, 0x02000000000BL),
                                new FrameRoute(Address.ipv4(OTHER_TARGET), 0x02000000000AL, 0x02000000000CL)))));
    }

    @Test
    void framesLeaveWhereTheyCanUnlessOneKindAloneIsAskedFor() throws Exception {
        assertThat(readWithRequired().copy().inject()).isEqualTo(InjectSettings.routed(InjectKind.AUTO));
        for (InjectKind kind : InjectKind.values()) {
            assertThat(readWithRequired("--inject", kind.text()).copy().inject())
                    .isEqualTo(InjectSettings.routed(kind));
        }
        assertThatThrownBy(() -> readWithRequired("--inject", "frames"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --inject: \"frames\": expected auto, frame, raw");
    }

    @Test
    void ipPacketsDoNotGoWithAddressesOfFrames() {
        assertThatThrownBy(() -> readFrames(
                        "80@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00:0b", "-o", "eth0", "--inject", "raw"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --inject: \"raw\": --pcap-send injects frames");
    }

    @Test
    void framesNeedADevice() {
        assertThatThrownBy(() -> readFrames("80@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00:0b"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -o is missing: expected the device for --pcap-send");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80-10.0.0.2:8080",
                "80@02:00:00:00:00:0a-10.0.0.2:8080",
                "80-10.0.0.2:8080@02:00:00:00:00:0b",
                "80@-10.0.0.2:8080@02:00:00:00:00:0b",
                "80@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00",
                "80@02:00:00:00:00:0a-10.0.0.2:8080@ff:ff:ff:ff:ff:ff",
                "80@02:00:00:00:00:0a-10.0.0.2:8080@00:00:00:00:00:00",
                "80@01:00:5e:00:00:01-10.0.0.2:8080@02:00:00:00:00:0b",
                "@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00:0b",
                "80@02:00:00:00:00:0a@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00:0b",
                "80@02:00:00:00:00:0a:80-10.0.0.2:8080@02:00:00:00:00:0b",
                "80@02-00-00-00-00-0a-10.0.0.2:8080@02:00:00:00:00:0b",
                "80@02:00:00:00:00:0a-10.0.0.2@02:00:00:00:00:0b:8080",
                "80@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00:0b,81-10.0.0.2:81",
                "80@02:00:00:00:00:0a-10.0.0.2:80@02:00:00:00:00:0b,81@02:00:00:00:00:0a-10.0.0.2:81@02:00:00:00:00:0c",
            })
    void transfersWithWrongAddressesForFramesAreRefused(String transfers) {
        assertThatThrownBy(() -> readFrames(transfers, "-o", "eth0"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("option -x: \"" + transfers + "\": expected ");
    }

    @Test
    void addressesForFramesAreRefusedWhereThereAreNone() {
        String transfer = "80@02:00:00:00:00:0a-10.0.0.2:8080@02:00:00:00:00:0b";
        assertThatThrownBy(() -> read("-x", transfer, "-s", "10.0.0.3"))
                .hasMessage("option -x: \"" + transfer
                        + "\": expected [ip:]port-ip:port; MAC addresses only with --pcap-send");
    }

    private TcpcopySettings readFrames(String transfers, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-x", transfers, "-s", "10.0.0.3", "--pcap-send"));
        arguments.addAll(List.of(more));
        return read(arguments.toArray(String[]::new));
    }

    @Test
    void aWrongTransferIsRefusedInTheWordsOfTheContract() {
        assertThatThrownBy(() -> read("-x", "10008-1.2.3", "-s", "10.0.0.3"))
                .hasMessage("option -x: \"10008-1.2.3\": expected [ip:]port-ip:port");
    }

    @Test
    void theTransfersAreRequired() {
        assertThatThrownBy(() -> read("-s", "10.0.0.3"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -x is missing: expected [ip:]port-ip:port");
    }

    @Test
    void interceptsThatNobodyNamesAreOnTheTargets() throws Exception {
        ReturnPathSettings path = read("-x", "80-10.0.0.2:8080,81-10.0.0.2:8081,82-10.0.0.4:80", "-p", "7")
                .returnPath();

        assertThat(path.onTargets()).isTrue();
        assertThat(path.intercepts()).containsExactly(Endpoint.ipv4(0x0A000002, 7), Endpoint.ipv4(0x0A000004, 7));
        assertThat(readWithRequired().returnPath().onTargets()).isFalse();
        assertThat(read("-x", "80-10.0.0.2:8080", "--udp").returnPath().intercepts())
                .isEmpty();
    }

    @Test
    void addressesOfThisHostTheTargetsAndTheInterceptsAreOurOwn() throws Exception {
        Set<Address> own = readWithRequired().copy().session().ownAddresses();

        assertThat(own).contains(Address.ipv4(TARGET), Address.ipv4(ASSISTANT)).doesNotContain(Address.LOOPBACK);
        assertThat(own)
                .containsAll(NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .flatMap(address -> Address.parse(address.getHostAddress()).stream())
                        .filter(address -> !address.equals(Address.LOOPBACK))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80-127.0.0.1:80 | a target other than the online server itself",
                "80-224.0.0.1:80 | a target that is one host",
                "80-255.255.255.255:80 | a target that is one host",
                "'80-10.0.0.2:80,80-10.0.0.2:80' | an online side that none before it covers: the first that matches counts",
                "'80-10.0.0.2:80,10.0.0.1:80-10.0.0.3:80' | an online side that none before it covers: the first that matches counts"
            })
    void transfersThatCanCopyNothingAreRefused(String transfers, String expected) {
        assertThatThrownBy(() -> read("-x", transfers))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -x: \"" + transfers + "\": expected " + expected);
    }

    @Test
    void moreTargetsThanInterceptsNeedOnesThatAreNamed() {
        String transfers = IntStream.rangeClosed(1, 33)
                .mapToObj(number -> number + "-10.0.0." + number + ":80")
                .collect(Collectors.joining(","));

        assertThatThrownBy(() -> read("-x", transfers))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -s is missing: expected where -x names more than 32 targets");
    }

    @Test
    void aFilterThatWasNotQuotedIsRefused() {
        assertThatThrownBy(() -> readWithRequired("-F", "tcp", "and", "dst", "port", "80"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("quoted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void helpIsPrintedInsteadOfRunning(String option) throws Exception {
        assertThat(parse(option)).isEmpty();

        assertThat(out.toString()).startsWith("Usage: tcpcopy").contains("-x", "-s", "36524", "Exit status");
    }

    @Test
    void theVersionIsPrintedInsteadOfRunning() throws Exception {
        assertThat(parse("-v")).isEmpty();

        assertThat(out.toString()).startsWith("tcpcopy ");
    }

    @Test
    void withoutOptionsForItTheProgramStaysInTheForegroundAndLogsToStderr() throws Exception {
        assertThat(readWithRequired().lifeCycle())
                .isEqualTo(new LifeCycleSettings(false, Optional.empty(), Optional.empty(), List.of()));
    }

    @Test
    void aDaemonWithItsFilesIsAskedForInOneWord(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");

        LifeCycleSettings lifeCycle =
                readWithRequired("-LdP", "pid", "-l", log.toString()).lifeCycle();

        assertThat(lifeCycle.daemon()).isTrue();
        assertThat(lifeCycle.logFile()).contains(log);
        assertThat(lifeCycle.pidFile().orElseThrow().text()).isEqualTo("pid");
    }

    @Test
    void whatIsNotNeededIsAccepted() throws Exception {
        TcpcopySettings settings = readWithRequired("--million", "--select", "--with-pfring=/opt/pfring", "-U", "63");

        assertThat(settings.copy().session())
                .isEqualTo(readWithRequired().copy().session());
        assertThat(settings.lifeCycle().withoutEffect())
                .containsExactly("--million", "--select", "--with-pfring", "-U");
    }

    @Test
    void theFolderOfPfringMayBeLeftOut() throws Exception {
        assertThat(readWithRequired("--with-pfring", "-L").returnPath().lonely())
                .isTrue();
    }

    @Test
    void saysHowAValueIsAttachedThatNeedNotBeThere() {
        assertThatThrownBy(() -> readWithRequired("--doctor", "json"))
                .hasMessage("\"json\": expected an option; a value of --doctor is attached, as in --doctor=json");
    }

    private TcpcopySettings readWithRequired(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(REQUIRED);
        arguments.addAll(List.of(more));
        return read(arguments.toArray(String[]::new));
    }

    private TcpcopySettings read(String... arguments) throws Exception {
        return parse(arguments).orElseThrow();
    }

    private Optional<TcpcopySettings> parse(String... arguments) throws Exception {
        return TcpcopyOptions.read(arguments, new PrintWriter(out));
    }
}
