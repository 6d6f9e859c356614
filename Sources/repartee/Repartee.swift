import ArgumentParser
import Core
import Foundation

/// The command line: arguments only; the work is done in the rooms below.
@main
struct Repartee: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repartee",
    abstract: "Answers an enterprise's calls with natural speech, and never does what its flows do not allow.",
    discussion: """
      A first call:
        make run                      everything from nothing, then the example shop's line on loopback
        make call                     calls it without a phone, and judges the call
      An assistant of your own is a folder of YAML: see Examples/shop.
        repartee new NAME             a small one that works at once, to begin with
        repartee check DIR            is it right? file, line and key of what is not
        repartee test DIR             play its test cases
        repartee chat DIR             talk to it by keyboard
        repartee serve --config FILE  answer the telephone with it
        repartee publish DIR          make this version the one that answers
        repartee replay CALL          step a call again and compare every decision
        repartee latency              what callers waited for, part by part
        repartee effects              changes nobody knows the outcome of
        repartee erase CALL           delete the key of what was said in it; --person: in all calls of a person
        repartee export --person      all that is kept of a person, in clear
        repartee doctor               what is missing on this machine
      Settings come from defaults, then the file, then the environment (REPARTEE_...), then options. Secrets come from the
      environment or from files only.
      """,
    subcommands: [
      New.self, Serve.self, Chat.self, Check.self, TestCommand.self, Publish.self, ReplayCommand.self, Calls.self,
      Latency.self, Effects.self, Erase.self, Export.self, Doctor.self,
    ])

  static func main() async {
    var failure: Int32 = 1
    do {
      var command = try parseAsRoot()
      if command is any Judging { failure = 2 }
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as any CodedError {
      Terminal.complain("\(error)")
      Foundation.exit(failure)
    } catch {
      exit(withError: error)
    }
  }
}

/// A command that comes to a verdict, which its exit status 0 or 1 tells. What keeps it from one, a file that cannot be read, is 2.
protocol Judging {}
