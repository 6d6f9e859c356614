import Audio
import Core
import Foundation
import Inference
import Testing

@testable import Speech

@Suite("Engines of the pack", .serialized, .enabled(if: InstalledPack.isPresent, "needs the engine pack: make pack"))
struct EngineTests {
  @Test(.enabled(if: Prompts.isPresent, "needs asterisk-core-sounds-en-wav"))
  func `people on the telephone are understood`() async throws {
    let recognizer = try InstalledPack.base.get()
    var (errors, words) = (0, 0)
    for (file, text) in Prompts.texts {
      let clip = try Prompts.clip(file)
      var heard: Recognition?
      let cpu = try await processCPU {
        heard = try await recognizer.recognize(clip, mode: .final, expecting: .open, deadline: .far)
      }
      let result = try #require(heard)
      print("figure: recognise \(clip.duration.milliseconds) ms: \(Int(cpu)) ms CPU, confidence \(result.confidence)")
      errors += Words.errors(text, result.text)
      words += Words.normalized(text).count
      #expect(result.confidence > Confidence(permille: 500), "\(file)")
      #expect(result.duration == clip.duration)
      #expect(result.words.map(\.text).joined(separator: " ") == result.text)
    }
    print("figure: word errors on prompts: \(errors) of \(words)")
    #expect(errors * 100 <= words * 8)
  }

  @Test(
    .enabled(
      if: InstalledPack.hasTiny && Prompts.isPresent, "needs moonshine-tiny-en: make pack WITH=moonshine-tiny-en"))
  func `the light recogniser understands the same prompts`() async throws {
    let recognizer = try InstalledPack.recognizer("moonshine-tiny-en")
    var (errors, words) = (0, 0)
    for (file, text) in Prompts.texts {
      let heard = try await recognizer.recognize(try Prompts.clip(file), mode: .final, expecting: .open, deadline: .far)
      errors += Words.errors(text, heard.text)
      words += Words.normalized(text).count
    }
    #expect(errors * 100 <= words * 10)
  }

  static let sentences = [
    "Your order has been shipped and will arrive on Tuesday.",
    "Would you like me to change the delivery address?",
    "The total is forty five dollars and twenty cents.",
    "I am sorry, I did not understand that.",
    "Please hold the line while I connect you to a colleague.",
    "Thank you for calling. Goodbye.",
  ]

  @Test func `what the voice says is understood through a telephone line`() async throws {
    let (voice, recognizer) = (try InstalledPack.voice.get(), try InstalledPack.base.get())
    var (errors, words) = (0, 0)
    for sentence in Self.sentences {
      var spoken = AudioClip(samples: [], sampleRate: 8000)
      let cpu = try await processCPU {
        spoken = try await voice.synthesize(sentence, voice: VoiceSettings(), deadline: .far)
      }
      print("figure: speak \(spoken.duration.milliseconds) ms: \(Int(cpu)) ms CPU")
      let heard = try await recognizer.recognize(
        try spoken.resampled(to: 8000), mode: .final, expecting: .open, deadline: .far)
      errors += Words.errors(
        sentence, heard.text.replacingOccurrences(of: "$45.20", with: "forty five dollars and twenty cents"))
      words += Words.normalized(sentence).count
    }
    print("figure: word errors of the round trip: \(errors) of \(words)")
    #expect(errors * 100 <= words * 12)
  }

  @Test func `the voice starts at once, has an even level and obeys its rate`() async throws {
    let voice = try InstalledPack.voice.get()
    let clip = try await voice.synthesize("One moment please.", voice: VoiceSettings(), deadline: .far)
    #expect(clip.sampleRate == 22050)
    let peak = clip.samples.map { abs(Int($0)) }.max() ?? 0
    #expect((20000...25000).contains(peak))
    let first = clip.samples.firstIndex { abs(Int($0)) > peak / 50 } ?? clip.samples.count
    #expect(first < 22050 * 20 / 1000)
    let slow = try await voice.synthesize("One moment please.", voice: VoiceSettings(rate: 600), deadline: .far)
    #expect(slow.duration.milliseconds > clip.duration.milliseconds * 13 / 10)
    #expect(try await voice.synthesize(" ", voice: VoiceSettings(), deadline: .far).samples.isEmpty)
  }

  @Test func `silence and next to nothing give no words`() async throws {
    let recognizer = try InstalledPack.base.get()
    for count in [0, 1, 8000] {
      let clip = AudioClip(samples: [Int16](repeating: 0, count: count), sampleRate: 8000)
      let heard = try await recognizer.recognize(clip, mode: .final, expecting: .open, deadline: .far)
      #expect(heard.text.isEmpty && heard.confidence == .none)
    }
  }

  @Test func `a passed deadline and a cancelled task end recognition and speech`() async throws {
    let (voice, recognizer) = (try InstalledPack.voice.get(), try InstalledPack.base.get())
    let clip = AudioClip(samples: (0..<80000).map { Int16($0 % 400 * 20) }, sampleRate: 8000)
    await #expect { try await recognizer.recognize(clip, mode: .final, expecting: .open, deadline: .now) } throws: {
      ($0 as? InferenceError)?.kind == .deadlineExceeded
    }
    await #expect { try await voice.synthesize("Hello.", voice: VoiceSettings(), deadline: .now) } throws: {
      ($0 as? InferenceError)?.kind == .deadlineExceeded
    }
    let task = Task { try await recognizer.recognize(clip, mode: .partial, expecting: .open, deadline: .far) }
    task.cancel()
    await #expect { try await task.value } throws: { ($0 as? InferenceError)?.kind == .cancelled }
  }

  @Test(.enabled(if: Prompts.isPresent, "needs asterisk-core-sounds-en-wav"))
  func `Silero tells speech from silence and noise, each stream for itself`() throws {
    let source = try SileroDetectorSource(
      engine: try InstalledPack.pack.engine("silero-vad"), runtime: try InstalledPack.runtime.get())
    let (speech, other) = (try source.makeDetector(), try source.makeDetector())
    let samples = try Prompts.clip("agent-alreadyon").samples
    var (voiced, windows) = (0, 0)
    for start in stride(from: 0, to: samples.count - 255, by: 256) {
      let window = Array(samples[start..<start + 256])
      if probability(speech, window) > 0.5 { voiced += 1 }
      let noise = window.indices.map { Int16(($0 * 7919 + start * 31) % 301 - 150) }
      #expect(probability(other, noise) < 0.5)
      windows += 1
    }
    #expect(voiced * 2 > windows)
    #expect(probability(speech, [Int16](repeating: 0, count: 100)) == 0)
    let silent = [Int16](repeating: 0, count: 256)
    speech.reset()
    let fresh = try source.makeDetector()
    #expect(probability(speech, silent) == probability(fresh, silent))
    #expect((speech as? SileroDetector)?.failures == 0)
  }

  @Test func `one Silero session serves a hundred and fifty streams`() throws {
    let source = try SileroDetectorSource(
      engine: try InstalledPack.pack.engine("silero-vad"), runtime: try InstalledPack.runtime.get())
    let detectors = try (0..<150).map { _ in try source.makeDetector() }
    let window = (0..<256).map { Int16(3000 * sin(Double($0) / 5)) }
    let clock = ContinuousClock()
    var sum: Float = 0
    let elapsed = clock.measure { for detector in detectors { sum += probability(detector, window) } }
    print("figure: Silero window: \(elapsed / 150)")
    #expect(sum > 0 && sum < 150)
    #expect(detectors.allSatisfy { ($0 as? SileroDetector)?.failures == 0 })
  }

  @Test func `the chosen engines load side by side`() async throws {
    let runtime = try InstalledPack.runtime.get()
    let clock = ContinuousClock()
    let start = clock.now
    let speech = try await EmbeddedSpeech.load(
      from: InstalledPack.pack, runtime: runtime, pool: InstalledPack.pool, deadline: .far)
    print("figure: engines loaded and warm after \(clock.now - start); resident \(residentMegabytes()) MB")
    #expect(speech.recognizer.identity == EngineIdentity(name: "moonshine-base-en", version: "0.1.4"))
    #expect(speech.synthesizer.identity.name == "piper-joe-en-us")
    #expect(try speech.detectors.makeDetector().windowLength == 256)
  }

  @Test func `an engine of another kind or a broken model is an error that says what to do`() async throws {
    let runtime = try InstalledPack.runtime.get()
    await #expect { try await Self.load(.init(recognizer: "silero-vad"), runtime) } throws: {
      ($0 as? SpeechError)?.kind == .wrongEngine
    }
    await #expect { try await Self.load(.init(voice: "nobody"), runtime) } throws: {
      ($0 as? InferenceError)?.kind == .engineMissing && ($0 as? InferenceError)?.hint == "Run: make pack"
    }
    let engine = try InstalledPack.pack.engine("silero-vad")
    let broken = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: broken) }
    try Data(contentsOf: URL(fileURLWithPath: engine.file("model"))).prefix(1_000_000).write(to: broken)
    let damaged = InstalledEngine(copying: engine, files: ["model": broken.path])
    #expect { try SileroDetectorSource(engine: damaged, runtime: runtime) } throws: {
      ($0 as? InferenceError)?.kind == .modelUnusable
    }
    let voice = try InstalledPack.pack.engine("piper-joe-en-us")
    let other = InstalledEngine(copying: engine, files: ["model": try voice.file("model")])
    #expect { try SileroDetectorSource(engine: other, runtime: runtime) } throws: {
      ($0 as? SpeechError)?.kind == .engineUnusable
    }
  }

  func probability(_ detector: any VoiceActivityDetector, _ window: [Int16]) -> Float {
    detector.probability(of: window.span)
  }

  static func load(_ choice: EmbeddedSpeech.Choice, _ runtime: OnnxRuntime) async throws -> EmbeddedSpeech {
    try await EmbeddedSpeech.load(
      choice, from: InstalledPack.pack, runtime: runtime, pool: InstalledPack.pool, deadline: .far)
  }
}
