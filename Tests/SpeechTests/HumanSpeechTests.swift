import Audio
import Core
import Foundation
import Inference
import Testing

@testable import Speech

/// Recordings of people, with what they say: a folder with `digits/strings.tsv` (file, speaker, digits), `sentences/sentences.tsv`
/// (file, split, speaker, source, licence, text) and `noise/*.wav`, all 16-bit mono at 8 kHz, named by REPARTEE_HUMAN_SPEECH.
/// They are not part of the repository; figures are printed, and none is judged.
enum HumanSpeech {
  static let folder = ProcessInfo.processInfo.environment["REPARTEE_HUMAN_SPEECH"]
  /// Signal to noise in decibels; nil: as recorded.
  static let noise = ProcessInfo.processInfo.environment["REPARTEE_HUMAN_NOISE"].flatMap(Double.init)
  static let noises = ["babble", "kitchen"]

  static func rows(_ file: String) throws -> [[String]] {
    try String(contentsOfFile: "\(folder ?? "")/\(file)", encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  static func samples(_ file: String) throws -> [Int16] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(file)"))
    return data.dropFirst(44).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
  }

  /// A clip, with noise when it is asked for; the number chooses which, and where in it.
  static func clip(_ file: String, _ number: Int) throws -> AudioClip {
    let speech = try samples(file)
    guard let noise else { return AudioClip(samples: speech, sampleRate: 8000) }
    let name = noises[number % noises.count]
    let around = try samples("noise/\(name).wav")
    let start = (number * 7919) % max(1, around.count - speech.count)
    let level = { (samples: ArraySlice<Int16>) in
      sqrt(samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count))
    }
    let active = speech.filter { abs(Int($0)) > 300 }
    let gain = level(active[...]) / level(around[start...].prefix(speech.count)) * pow(10, -noise / 20)
    return AudioClip(
      samples: speech.indices.map {
        Int16(clamping: Int(Double(speech[$0]) + gain * Double(around[(start + $0) % around.count])))
      },
      sampleRate: 8000)
  }
}

/// The digits in a text, words and figures.
enum SpokenDigits {
  private static let values = [
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
  ]

  static func of(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.compactMap { word in
      values[String(word)] ?? (word.allSatisfy(\.isNumber) ? String(word) : nil)
    }.joined()
  }
}

/// What a line's gate makes of a clip, with silence around it.
enum CutSpeech {
  static func pieces(of clip: AudioClip, isJoined: Bool) throws -> [AudioClip] {
    let detector = try SileroDetector(
      session: try OnnxSession(
        try InstalledPack.runtime.get(), model: try InstalledPack.pack.engine("silero-vad").file("model")))
    let samples = [Int16](repeating: 0, count: 8000) + clip.samples + [Int16](repeating: 0, count: 12_000)
    var gate = SpeechGate()
    var onset = SoundOnset()
    var recorder = UtteranceRecorder()
    var found: [AudioClip] = []
    var judged = 0
    for start in stride(from: 0, through: samples.count - 160, by: 160) {
      recorder.append(samples[start..<start + 160].span, at: .zero + .milliseconds(start / 8))
      while judged + 256 <= start + 160 {
        let window = Array(samples[judged..<judged + 256])
        let instant = CallInstant.zero + CallSpan(microseconds: Int64(judged) * 125)
        judged += 256
        let level = window.span.levelInDecibels
        onset.step(level: level, start: instant, length: .milliseconds(32))
        switch gate.step(
          probability: detector.probability(of: window.span), level: level, start: instant, length: .milliseconds(32))
        {
        case .speechStarted(let at):
          recorder.open(at: onset.begin(ofVoiceAt: at))
          if isJoined { _ = recorder.join() }
        case .speechEnded(let at):
          if let piece = recorder.close(at: at + .milliseconds(200)) { found.append(piece.clip) }
          onset.reset()
          recorder.reserve()
        case nil: break
        }
      }
      if start % 4000 == 0 { recorder.reserve() }
    }
    return found
  }
}

@Suite(
  "Human speech", .serialized, .enabled(if: InstalledPack.isPresent && HumanSpeech.folder != nil, "needs recordings"))
struct HumanSpeechTests {
  @Test(arguments: [RecognitionContext.open, RecognitionContext(digits: 8...8)])
  func `strings of digits`(context: RecognitionContext) async throws {
    let recognizer = try InstalledPack.base.get()
    var (right, second, sure, sureRight, all) = (0, 0, 0, 0, 0)
    var cost = 0.0, length = 0.0
    for (number, row) in try HumanSpeech.rows("digits/strings.tsv").enumerated() {
      let clip = try HumanSpeech.clip("digits/\(row[0])", number)
      var heard: Recognition?
      cost += try await processCPU {
        heard = try await recognizer.recognize(clip, mode: .final, expecting: context, deadline: .far)
      }
      length += Double(clip.duration.milliseconds)
      let result = try #require(heard)
      all += 1
      let good = SpokenDigits.of(result.text) == row[2]
      if good { right += 1 }
      if good || result.alternatives.first.map({ SpokenDigits.of($0.text) }) == row[2] { second += 1 }
      if result.confidence >= Confidence(0.88) { sure += 1; if good { sureRight += 1 } }
      print(
        "figure: \(row[1]) \(row[2]) \(good ? "good" : "BAD ") \(result.text) \(result.confidence) | \(result.alternatives.map(\.text))"
      )
    }
    print(
      "figure: digits \(context.digits.map { "\($0)" } ?? "open") noise \(HumanSpeech.noise ?? 99): \(right) of \(all), first or second \(second), sure \(sure) of them right \(sureRight), CPU \(cost / length) s a second"
    )
  }

  @Test func `strings of digits as a line cuts them`() async throws {
    let recognizer = try InstalledPack.base.get()
    var (right, rightAlone, cut, all) = (0, 0, 0, 0)
    for (number, row) in try HumanSpeech.rows("digits/strings.tsv").enumerated() {
      let clip = try HumanSpeech.clip("digits/\(row[0])", number)
      func digits(_ clips: [AudioClip]) async throws -> String {
        var found = ""
        for clip in clips {
          found += SpokenDigits.of(
            try await recognizer.recognize(
              clip, mode: .final, expecting: RecognitionContext(digits: 8...8), deadline: .far
            ).text)
        }
        return found
      }
      let pieces = try CutSpeech.pieces(of: clip, isJoined: false)
      let whole = try CutSpeech.pieces(of: clip, isJoined: true).last.map { [$0] } ?? []
      let (joined, alone) = (try await digits(whole), try await digits(pieces))
      all += 1
      if pieces.count > 1 { cut += 1 }
      if joined == row[2] { right += 1 }
      if alone == row[2] { rightAlone += 1 }
      print("figure: \(row[1]) \(row[2]) \(joined == row[2] ? "good" : "BAD ") \(joined) in \(pieces.count): \(alone)")
    }
    print(
      "figure: digits of a line, noise \(HumanSpeech.noise ?? 99): \(right) of \(all); \(cut) cut, each piece alone \(rightAlone)"
    )
  }

  @Test func `sentences`() async throws {
    let recognizer = try InstalledPack.base.get()
    for context in [RecognitionContext.open, RecognitionContext(digits: 8...8)] {
      var (errors, words, taken) = (0, 0, 0)
      for (number, row) in try HumanSpeech.rows("sentences/sentences.tsv").enumerated() {
        let clip = try HumanSpeech.clip("sentences/\(row[0])", number)
        let result = try await recognizer.recognize(clip, mode: .final, expecting: context, deadline: .far)
        errors += Words.errors(row[5], result.text)
        words += Words.normalized(row[5]).count
        if !result.text.isEmpty, result.text.allSatisfy({ $0.isNumber || $0 == " " }) {
          taken += 1; print("figure: \(row[5]) -> \(result.text) \(result.alternatives)")
        }
      }
      print(
        "figure: sentences \(context) noise \(HumanSpeech.noise ?? 99): \(errors) of \(words) words wrong, \(taken) taken for digits"
      )
    }
  }
}
