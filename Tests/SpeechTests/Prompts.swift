import Core
import Foundation
import Inference
import Speech

/// The pack of this checkout, when it is there. Tests with models say so loudly when it is not.
enum InstalledPack {
  static let pack = EnginePack(
    environment: ProcessInfo.processInfo.environment, workingFolder: FileManager.default.currentDirectoryPath)

  static let isPresent: Bool = {
    let missing = ["onnxruntime", "silero-vad", "moonshine-base-en", "piper-joe-en-us"].filter {
      !pack.installed.contains($0)
    }
    if !missing.isEmpty {
      print("SKIPPED: no \(missing.joined(separator: ", ")) in \(pack.folder). Run: make pack")
    }
    return missing.isEmpty
  }()

  static let hasTiny = isPresent && pack.installed.contains("moonshine-tiny-en")

  static let pool = InferencePool(threads: 2)
  static let runtime = Result { try pack.openRuntime() }
  static let base = Result { try recognizer("moonshine-base-en") }
  static let voice = Result {
    try PiperSynthesizer(engine: try pack.engine("piper-joe-en-us"), runtime: try runtime.get(), pool: pool)
  }

  static func recognizer(_ id: String) throws -> MoonshineRecognizer {
    try MoonshineRecognizer(engine: try pack.engine(id), runtime: try runtime.get(), pool: pool)
  }
}

/// Human recordings at 8 kHz, from Debian's asterisk-core-sounds-en-wav, with what is said in them.
enum Prompts {
  static let folder = "/usr/share/asterisk/sounds/en_US_f_Allison"

  static let isPresent: Bool = {
    let found = FileManager.default.fileExists(atPath: folder + "/agent-alreadyon.wav")
    if !found { print("SKIPPED: no human recordings in \(folder). Run: apt-get install asterisk-core-sounds-en-wav") }
    return found
  }()

  static let texts: [(file: String, text: String)] = [
    ("agent-alreadyon", "that agent is already logged on please enter your agent number followed by the pound key"),
    ("agent-incorrect", "login incorrect please enter your agent number followed by the pound key"),
    ("privacy-prompt", "please enter your phone number starting with the area code"),
    ("ss-noservice", "the number you have dialed is not in service please check the number and try again"),
    ("vm-goodbye", "goodbye"),
    ("digits/7", "seven"),
    ("digits/day-1", "monday"),
    ("conf-getpin", "please enter the conference pin number"),
    ("queue-thankyou", "thank you for your patience"),
    ("vm-nonumber", "i'm afraid i don't know who sent this message"),
  ]

  /// A canonical WAV file of 16-bit mono samples.
  static func clip(_ file: String) throws -> AudioClip {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file).wav"))
    let samples = data.dropFirst(44).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
    return AudioClip(samples: samples, sampleRate: 8000)
  }
}

/// Word errors, after case and punctuation are dropped.
enum Words {
  static func normalized(_ text: String) -> [String] {
    text.lowercased().replacingOccurrences(of: "good-bye", with: "goodbye")
      .replacingOccurrences(of: "log in", with: "login")
      .filter { $0.isLetter || $0.isNumber || $0.isWhitespace || $0 == "'" }
      .split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// Insertions, deletions and substitutions between two texts.
  static func errors(_ reference: String, _ heard: String) -> Int {
    let (left, right) = (normalized(reference), normalized(heard))
    var row = Array(0...right.count)
    for (index, word) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (place, other) in right.enumerated() {
        (diagonal, row[place + 1]) = (
          row[place + 1], min(row[place] + 1, row[place + 1] + 1, diagonal + (word == other ? 0 : 1))
        )
      }
    }
    return row[right.count]
  }
}

extension ContinuousClock.Instant {
  /// Far enough for any engine on any machine that runs these tests.
  static var far: Self { .now + .seconds(120) }
}

/// CPU time of the whole process, for figures that tests print and never judge by.
func processCPU(_ body: () async throws -> Void) async rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }
  let start = now()
  try await body()
  return now() - start
}

/// Memory of this process in use now.
func residentMegabytes() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
  return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}
