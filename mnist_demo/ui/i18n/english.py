"""The page in English."""

from mnist_demo.networks.layers import KINDS
from mnist_demo.networks.notation import ERRORS

CODE = "en"
NAME = "English"
TEXTS = {
    # The page
    "title": "MNIST demo",
    "intro": "Draw a digit: a neural network reads it.",
    "about_mnist": "It learnt from MNIST: 60,000 handwritten digits, each with its answer, and is "
    "tested on 10,000 more.",
    "theme": "Light or dark",
    "present": "Present",
    "end_present": "End presentation",
    "language": "Language",
    "draw": "Draw",
    "train": "Train",
    "gallery": "Gallery",
    "loading": "Loading the digits…",
    "old_browser": "This browser is too old for this page: update it, or open the page in a new "
    "Chrome, Edge, Firefox or Safari.",
    "substitute": "**MNIST is missing or damaged here**, so fewer of its digits, which come with "
    "this demo, are used: {train:,} to train on, {test:,} to test on. The ready-made models saw "
    "these test digits in training, your own do not. For all of MNIST, the host connects this "
    "computer to the internet and starts the demo again; the server's log tells what went wrong.",
    "model": "Model",
    "model_info": "The network that reads the digit",
    "user_model": "my {recipe}",
    "no_model": "There is no model {name}. Choose one of: {names}",
    "no_models": "No model can be used: their files are missing or damaged. Train one of your own "
    "in the Train tab. The host finds the reason in the server's log",
    "models_unusable": "**Not all models can be used.** The file of {names} is damaged, or of "
    "another version of this demo. The host finds the reason in the server's log.",
    "no_second_model": "There is no second model to compare with",
    "connection_lost": "The server does not answer. Your drawing is still here, and this page goes "
    "on by itself as soon as the server is back.",
    "connection_back": "The server is back, and nothing is lost.",
    "connection_anew": "The server was started anew. Nothing of yours is lost: draw on.",
    "connection_anew_with_runs": "The server was started anew. Your drawing and the digits you "
    "collected are still here, but your own models and runs are gone. Their curves can be seen "
    "until you train again or reload this page.",
    "connection_forgotten": "This page lay idle for long, and the server let go of what was yours. "
    "Your drawing and the digits you collected are still here: draw on.",
    "connection_forgotten_with_runs": "This page lay idle for long, and the server let go of your "
    "own models and runs. Your drawing and the digits you collected are still here. The curves can "
    "be seen until you train again or reload this page.",
    "connection_reload": "Reload",
    "connection_close": "Close",
    "digit_named": "a {digit}",
    "digit_named_8": "an {digit}",
    "other_reason": "{reason}",
    "not_in_range": "{name} must be a number from {low} to {high}, not {value}",
    "not_whole_in_range": "{name} must be a whole number from {low} to {high}, not {value}",
    "empty_number": "{name} is empty: type a number from {low} to {high}",
    "empty_whole": "{name} is empty: type a whole number from {low} to {high}",
    "empty_choice": "{name} is empty: choose one of {choices}",
    "not_a_number": "{name} must be a number, not {value}",
    "not_a_choice": "{name} must be one of {choices}, not {value}",
    "bad_input": "This request holds a value that cannot be used. Reload the page, and try again.",
    "request_unknown": "There is nothing here that answers to this.",
    "request_body": "The request's body is not the JSON that is asked for here.",
    "request_arguments": "These are not the arguments of this endpoint; “Use via API” on the page "
    "tells them.",
    "request_large": "The request is larger than what is read here.",
    # Draw
    "pad_label": "Drawing pad: draw a digit from 0 to 9 with mouse, finger or pen",
    "pad_hint": "Draw a digit from 0 to 9 here",
    "pad_help": "Ctrl+Z (⌘Z) takes the last stroke back, Esc clears the pad.",
    "undo": "Undo",
    "undo_title": "Take the last stroke back (Ctrl+Z or ⌘Z)",
    "redo": "Redo",
    "redo_title": "Bring it back (Ctrl+Shift+Z or ⌘⇧Z)",
    "brush": "Brush width",
    "brush_title": "Brush width",
    "photo": "Read a picture",
    "photo_title": "Read a picture or a photo of a digit",
    "wider": "Wide pad",
    "wider_title": "A wide pad, for numbers of up to eight digits",
    "clear": "Clear",
    "clear_title": "Clear the pad (Esc)",
    "examples": "Start from an example, or a picture",
    "examples_help": "Or drop a picture of a digit on the pad, or paste one (Ctrl+V): a photo of "
    "paper will do. The arrow keys move a drawing while the pad has the focus.",
    "example_crossed": "A crossed 7",
    "example_slashed": "A slashed 0",
    "example_corner": "A 4 in the corner",
    "example_scribble": "A scribble",
    "example_number": "Test digit, by number",
    "example_take": "Put it on the pad",
    "example_missing": "Type the number of a test digit: a whole number from 0 to {last:,}.",
    "example_range": "There is no test digit {number}; choose a whole number from 0 to {last:,}.",
    "prediction_prompt": "Draw a digit on the pad, and the network's answer appears here.",
    "prediction_sure": "It reads {digit}.",
    "prediction_likely": "Probably {digit}.",
    "prediction_unsure": "Not sure: {digit}, or {second}.",
    "prediction_non_digit": "This does not look like a digit. If it is one: {digit}, or {second}.",
    "number_sure": "It reads {number}.",
    "number_likely": "Probably {number}.",
    "number_unsure": "Not sure: perhaps {number}.",
    "number_digits": "Digits of the number: choose one to look at",
    "number_part": "Digit {place} of {count}: {sentence}",
    "prediction_digits_only": "It knows digits only, and calls anything one.",
    "prediction_little": "Too little ink to tell: go on drawing.",
    "prediction_failed": "The server could not answer. Draw on to try again.",
    "prediction_seen": "What it sees:\n28 x 28 pixels",
    "prediction_seen_alt": "The drawing as the network sees it",
    "prediction_bars": "Probability of each digit",
    "bad_drawing": "This cannot be read: {reason}.",
    "bad_picture": "the picture cannot be read; choose a PNG or JPEG file",
    "picture_address": "the picture lies on another page; save it as a file there, and drop that "
    "here",
    "picture_falsified": "this browser shows the page false pixels, as a protection, and the file "
    "is too large to be sent as it is; allow canvas data for this page, or take a PNG or JPEG file "
    "of at most 1600 pixels a side and 1.4 MB",
    "other_format": "the file is {format}, which is not read here; save it as JPEG or PNG first",
    "no_digit_blank": "no digit was found; the picture is blank or too faint",
    "no_digit_cut_off": "no digit was found; what is there is cut off by the edge of the picture",
    "no_digit_marks": "no digit was found; the picture is full of other marks",
    # The panels under the pad
    "panel_prompt": "Draw a digit first.",
    "panel_of": "Model: {model}",
    "preprocessing_title": "What does it see?",
    "preprocessing_hint": "Your drawing on its way to the network",
    "preprocessing_help": "The networks learnt from digits of one size, centred by their ink. "
    "Anything "
    "else is strange to them: so a drawing is cut out, scaled, and moved until it looks the same.",
    "stage_squeezed": "1. The whole pad, squeezed to 28 x 28",
    "stage_cut_out": "2. Cut out, and scaled to 20 pixels",
    "stage_centred": "3. Centred by its ink, drawn with MNIST's pen",
    "stage_found": "1. What was taken for the digit",
    "stage_found_centred": "2. Cut out, centred by its ink, drawn with MNIST's pen",
    "cut_away": "Cut away: {what}",
    "cut_away_nothing": "Nothing else was in the way",
    "cut_away_lines": "long lines",
    "cut_away_border": "what touches the edge",
    "cut_away_around": "what is around the paper or the cell",
    "cut_away_apart": "marks beside the digit",
    "stage_answer": "{digit} ({share:.0%})",
    "stage_alt": "The drawing at this step",
    "model_comparison_title": "What do the others say?",
    "model_comparison_hint": "Every model on the same drawing",
    "model_comparison_of": "≠ marks what {model}, the chosen model, reads otherwise.",
    "column_model": "Model",
    "column_answer": "Reads",
    "column_share": "Probability",
    "column_parameters": "Parameters",
    "column_time": "Time (ms)",
    "explanation_title": "Why?",
    "explanation_hint": "Look inside the chosen network, layer by layer; switch parts of it off",
    "explanation_help": "A network works in layers, each on what the one before it found. Choose "
    "one, and press a part of it: it is switched off, and the answer changes at once.",
    "explanation_views": "The layers of the network",
    "explanation_drawing": "your drawing",
    "explanation_on": "With all of it on, it reads {digit} ({share:.1%}).",
    "explanation_off": "With {count} switched off, it reads {other} ({now:.1%}); with all on "
    "{digit} ({share:.1%}).",
    "explanation_bar": "{digit}: {now:.1%}, with all on {share:.1%}",
    "explanation_all_on": "All on again",
    "explanation_find": "Find the one that matters most",
    "explanation_found": "Of {count}, each switched off in turn, this one matters most: {part}. "
    "Without it {digit} gets {now} in place of {share}. It and the next ones are framed in "
    "green, in that order.",
    "explanation_found_none": "Of {count}, each switched off in turn, none matters alone: {digit} "
    "never gets less than {share}.",
    "explanation_filter": "filter {number}",
    "explanation_unit": "unit {number}",
    "explanation_pixel": "the pixel in row {row}, column {column}",
    "explanation_value": "{part}: {value}",
    "explanation_is_off": "{part}: off",
    "explanation_brightest": "{part}: {value} at its brightest place",
    "explanation_count_off": "{count} off",
    "explanation_keys": "Keyboard: arrow keys move, Space switches off and on.",
    "explanation_sum_key": "Enter shows the sum.",
    "explanation_press": "A press",
    "explanation_press_off": "switches it off",
    "explanation_press_sum": "shows its sum",
    "explanation_sum": "{part}, row {row}, column {column}: how its number comes about",
    "explanation_sum_help": "What it looks at there, times its weights, all added up.",
    "explanation_norm": "Then norm (batch normalization) moves and scales the sum by what was "
    "usual in training.",
    "explanation_relu": "Then relu makes 0 of what is below 0.",
    "explanation_sigmoid": "Then sigmoid squeezes it into 0 to 1.",
    "explanation_tanh": "Then tanh squeezes it into −1 to 1.",
    "explanation_gelu": "Then gelu makes nearly 0 of what is below 0.",
    "explanation_sum_off": "switched off",
    "explanation_sum_drawing": "your drawing",
    "explanation_sum_map": "map {number} of those before it",
    "explanation_sum_rest": "{count} other maps",
    "explanation_sum_bias": "bias",
    "explanation_sum_total": "sum",
    "explanation_sum_after": "after {functions}",
    "explanation_pixels": "Your drawing, as the network gets it",
    "explanation_pixels_help": "28 x 28 numbers, its pixels. Press one, and its ink is gone.",
    "explanation_saliency": "Which ink counted",
    "explanation_saliency_help": "Blue ink spoke for that digit, orange ink against it (worked out "
    "by integrated gradients: Sundararajan, Taly and Yan, 2017).",
    "explanation_for": "for {digit} ({share:.0%})",
    "explanation_weights": "Its ten pictures of weights",
    "explanation_weights_help": "Each answer is the sum of your ink on one picture: ink on blue "
    "counts for the digit, ink on orange against it.",
    "explanation_units": "{name}: what its {count} units look for",
    "explanation_units_help": "A unit is one number that the layer works out. Each picture is what "
    "a unit looks for: ink on blue makes it more active, ink on orange less.",
    "explanation_dots": "{name}: its {count} units",
    "explanation_dots_help": "A unit is one number that the layer works out of all that stands "
    "before it. Bright is a large number.",
    "explanation_maps": "{name}: what its {count} filters find, {height} x {width} each",
    "explanation_maps_help": "A filter looks at each place of what stands before it; its map is "
    "bright where it finds its shape. Point at a place to see the sum behind its number.",
    "explanation_most_filters": "Shown are the {count} that find most.",
    "explanation_most_units": "Shown are the {count} that your drawing changes most, compared with "
    "blank paper.",
    "attack_curves_title": "Are they easy to fool?",
    "attack_curves_hint": "Every model under the change that is made to fool the chosen one",
    "attack_curves_help": "The first {count} test digits are changed as “How do I fool it?” in "
    "Draw does it in one step (FGSM), to fool the chosen model. The strength is the most that any "
    "pixel changes, from {low:g} to {high:g} of full ink. Each curve is a model: how many of these "
    "digits it still reads right. What is made for one can fool others, too.",
    "attack_curves_axis": "Strength of the change",
    "attack_curves_table": "Accuracy by the strength of the change",
    "attack_curves_line": "Made to fool {model}; {count} test digits",
    "attack_curves_wait": "The models are reading the changed digits…",
    "attack_curves_picture": "A {digit}, changed by {strength} of full ink",
    "robustness_title": "How do I break it?",
    "robustness_hint": "Turn, shift and spoil the drawing, and see who still reads it",
    "robustness_of": "Each curve is a model: how likely it still finds the digit that {model}, the "
    "chosen model, reads in your drawing.",
    "robustness_help": "A network sees the changed picture as it is: it is not centred again.",
    "robustness_reset": "Undo all changes",
    "robustness_alt": "The changed drawing",
    "robustness_caption": "Probability of {digit}",
    "fool_it_title": "How do I fool it?",
    "fool_it_hint": "The smallest change that a network cannot resist, made for it",
    "fool_it_help": "A network can be asked of each pixel whether more or less ink there makes its "
    "answer worse: that is the gradient. Each pixel is then changed that way, by no more than the "
    "strength. To us it is still the same digit.",
    "fool_it_way": "How",
    "fool_it_fgsm": "in one step (FGSM)",
    "fool_it_pgd": "in ten small steps (PGD)",
    "fool_it_pixels": "a game: pixels that I choose",
    "fool_it_strength": "Strength, as a share of full ink",
    "fool_it_target": "It shall read",
    "fool_it_any": "anything else",
    "fool_it_least": "The least that fools it",
    "fool_it_undo": "Start over",
    "fool_it_drawing": "the drawing",
    "fool_it_change": "the change (blue: more ink, orange: less)",
    "fool_it_sum": "both together",
    "fool_it_keys": "Press pixels of the last picture: ink comes and goes. With the keyboard: "
    "arrow keys and the space bar. Who needs the fewest?",
    "fool_it_count": "Changed: {count}. Your fewest so far: {fewest}.",
    "fool_it_before": "Read",
    "fool_it_after": "Reads now",
    "fool_it_fooled": "{model} read {digit}, and is fooled: now it reads {other}.",
    "fool_it_held": "{model} still reads {digit}.",
    "fool_it_never": "{model} reads {digit}, and no such change up to the "
    "largest strength fools it.",
    "fool_it_never_target": "{model} reads {digit}, and no such change up to the largest strength "
    "makes it read {target}.",
    "fool_it_why": "Why it matters: such changes can be made of a road sign or the amount on a "
    "cheque, too. What is made for one network can fool others that never saw it; the table above "
    "tells whether it does. So hiding a network protects little.",
    "change_rotation": "Turn",
    "change_rotation_axis": "degrees, clockwise",
    "change_shift": "Shift",
    "change_shift_axis": "pixels to the right",
    "change_scale": "Scale",
    "change_scale_axis": "times as large",
    "change_thickness": "Thicken",
    "change_thickness_axis": "pixels on either side of the stroke",
    "change_noise": "Noise",
    "change_noise_axis": "strength of the noise, 1 being as strong as ink",
    "replay_title": "When did it know?",
    "replay_hint": "The drawing again, with the probabilities as it grew",
    "replay_nothing": "Only what is drawn with the pen can be played again, not a picture.",
    "replay_caption": "Probability of each digit",
    "replay_axis": "share of the drawing",
    "replay_play": "Play",
    "replay_pause": "Pause",
    "replay_scrub": "How much of the drawing is shown",
    "replay_canvas": "The drawing as far as it had come",
    "my_handwriting_title": "Your hand",
    "my_handwriting_hint": "Collect your own digits, and see who reads them best",
    "my_handwriting_help": "Draw digits one after another, and say what each is. The set is yours "
    "alone, and is gone when you close the page: save it to keep it.",
    "my_handwriting_collect": "Collect digits on the pad",
    "my_handwriting_frames": "A dashed frame: {model}, the chosen model, reads another digit.",
    "my_handwriting_set_label": "Your digits",
    "my_handwriting_save": "Save as a file",
    "my_handwriting_open": "Open a file",
    "my_handwriting_empty": "Remove all",
    "my_handwriting_undo": "Bring back",
    "my_handwriting_remove": "Remove",
    "my_handwriting_added": "Added as {digit}.",
    "my_handwriting_doubtful": "This does not look like a digit. Add it as {digit} all the same?",
    "my_handwriting_blank": "The pad is blank: draw a digit first.",
    "my_handwriting_picture": "Only what is drawn with the pen can be collected, not a picture.",
    "my_handwriting_cleared": "All removed.",
    "my_handwriting_opened": "{count} digits added from the file.",
    "my_handwriting_refused": "That did not work: {reason}.",
    "my_handwriting_points": "there is room for {most:,} points in all; remove a drawing first",
    "my_handwriting_full": "there is room for {most} drawings; remove some first",
    "my_handwriting_bad_file": "this is no file of digits that was saved here ({reason})",
    "my_handwriting_score": "{name}: {right} of {total} (on {dataset}: {accuracy:.2%})",
    "my_handwriting_score_alone": "{name}: {right} of {total}",
    "my_handwriting_alt": "your {label}, read as {answer}",
    # The buttons at the pad, to collect them
    "label_bar_prompt": "What have you drawn?",
    "label_bar_help": "Draw a digit, then choose which it is: it is kept, and the pad is clear for "
    "the next one.",
    "label_bar_done": "Done",
    "label_bar_yes": "Add it",
    "label_bar_no": "Do not add it",
    "label_bar_button": "{digit} ({count} collected)",
    "label_bar_progress": "{count} of the ten digits; still missing: {missing}.",
    "label_bar_complete": "All ten digits: choose “Done” to see who reads them best.",
    # Train
    "recipe": "Recipe",
    "recipe_info": "A recipe is a network and how it is trained",
    "recipe_facts": "{summary} {parameters:,} parameters: the numbers that training adjusts.",
    "registered_summary": "{name}, a recipe of this page's own. {source}",
    "own_network_summary": "A network with layers of your own, trained as {name} is.",
    "softmax_summary": "The simplest network: one picture of weights for each digit.",
    "mlp_summary": "Three layers in which every unit sees everything before it. As the recipe has "
    "it, it takes about a minute on two cores.",
    "simple_cnn_summary": "Two layers of small filters that slide over the picture (convolutions). "
    "As the recipe has it, it takes about 7 minutes on two cores.",
    "deep_cnn_summary": "Three layers of filters, each finding shapes in what the last one found. "
    "As the recipe has it, it takes about 10 minutes on two cores.",
    "fast_cnn_summary": "Made to learn in seconds: its first filters are fixed waves, so it "
    "need not learn them.",
    "robust_cnn_summary": "Seven layers of filters, trained on bent and redrawn digits too, so "
    "that it reads strangers' handwriting. As the recipe has it, it takes 45 minutes on two cores.",
    "layers": "Layers",
    "builder_title": "Change its layers",
    "builder_info": "The picture goes through one layer after another, until ten numbers are left: "
    "one for each digit. Press a layer to change it.",
    "builder_start": "Start from",
    "builder_custom": "your own",
    "builder_own": "Back to the recipe's own",
    "builder_undo": "Undo",
    "builder_redo": "Redo",
    "builder_text": "The network as text",
    "builder_row": "The network: its layers from the picture to the ten digits",
    "builder_picture": "picture",
    "builder_digits": "ten digits",
    "builder_layer": "{layer}: makes {shape} numbers of an image; {parameters:,} parameters, "
    "{multiplications:,} multiplications",
    "builder_parameters": "parameters",
    "builder_multiplications": "multiplications",
    "builder_total": "In all {parameters:,} parameters, the numbers that training adjusts, and "
    "{multiplications:,} multiplications by them for one image.",
    "builder_epoch": "One epoch, which is once through all training images, takes this computer "
    "about {time}, measured just now.",
    "builder_back": "← Earlier",
    "builder_on": "Later →",
    "builder_remove": "Remove",
    "builder_add": "Add behind it",
    "builder_last": "The last layer has one unit for each digit, so it stays where it is.",
    "builder_foreign": "This recipe's network is a program of its own, so its layers are only "
    "shown. Start from another recipe's to build one.",
    "builder_live": "While it trains: how large the numbers are that a layer makes (activations), "
    "and how much the error changes with each of them (gradients). A bar that is one tenth longer "
    "stands for about six times as much.",
    "builder_activations": "activations",
    "builder_gradients": "gradients",
    **{f"layer_help_{word}": kind.words.replace("`", "") for word, kind in KINDS.items()},
    "layer_setting_filters": "filters",
    "layer_setting_size": "size",
    "layer_setting_valid": "valid",
    "layer_setting_stride": "stride",
    "layer_setting_units": "units",
    "layer_setting_share": "share",
    "layer_setting_xavier": "xavier",
    "layers_error_at": "Layer {number}, {layer}: {told}",
    **{f"layers_error_{code}": text for code, text in ERRORS.items()},
    "settings": "Change its settings",
    "settings_info": "The recipe's own values are filled in. Choosing another recipe brings its "
    "own.",
    "settings_reset": "Back to the recipe's own values",
    "form_changed": "changed: {changes}",
    "optimizer": "Optimizer",
    "optimizer_info": "The rule that turns an error into a change of the weights",
    "optimizer_sgd": "sgd",
    "optimizer_adam": "adam",
    "optimizer_adamw": "adamw",
    "schedule": "Schedule",
    "schedule_info": "How the learning rate changes during the run",
    "schedule_constant": "stays the same",
    "schedule_one_cycle": "rises, then falls",
    "learning_rate": "Learning rate",
    "learning_rate_info": "How far each step moves the weights",
    "momentum": "Momentum",
    "momentum_info": "How much of the last step is kept (SGD alone)",
    "weight_decay": "Weight decay",
    "weight_decay_info": "How strongly the weights are pulled to zero",
    "label_smoothing": "Label smoothing",
    "label_smoothing_info": "How much of each label is spread over all digits",
    "dropout": "Dropout",
    "batch_size": "Batch size",
    "batch_size_info": "Images looked at in one step",
    "epochs": "Epochs",
    "epochs_info": "Passes over all training images",
    "seed": "Seed",
    "seed_info": "Same seed: the same first weights and order of images",
    "experiments": "Experiment with the data",
    "experiments_info": "What does a network learn from few images, or from wrong labels? The test "
    "images stay as they are, and what you change here stays when you choose another recipe.",
    "experiments_reset": "Back to the recipe's own data",
    "train_images": "Training images",
    "train_images_info": "100 to 60,000, which stands for all",
    "label_noise": "Wrong labels",
    "label_noise_info": "The share of labels replaced by another digit, 0 to 1",
    "excluded_digit": "Leave a digit out",
    "excluded_digit_info": "It never sees this digit",
    "excluded_digit_none": "none",
    "augmentation": "Augmentation",
    "augmentation_info": "Changes each image at each look",
    "augmentation_none": "off",
    "augmentation_handwriting": "as other hands write",
    "add_user_digits": "Learn my own {count} digits too",
    "train_button": "Train",
    "pause_button": "Pause",
    "resume_button": "Go on",
    "train_new_button": "Train a new one",
    "resume_one_epoch": "Train 1 more epoch",
    "resume_epochs": "Train {epochs} more epochs",
    "learning_rate_now": "Learning rate now",
    "weight_decay_now": "Weight decay now",
    "label_smoothing_now": "Label smoothing now",
    "dropout_now": "Dropout now",
    "settings_now_hint": "Change this run on its way: type a number, then press Enter, or pause "
    "and go on.",
    "settings_now_done": "There is no run whose settings could be changed.",
    "settings_now_no_dropout": "This network has no dropout layer, so there is nothing to set.",
    "momentum_not_for": "a momentum of {momentum} is for sgd; {optimizer} has its own: set it to 0",
    "batch_cut": "The batch size was cut from {asked:,} to {batch_size:,}: there are no more "
    "training images.",
    "train_ready": "Press Train: the network starts from random weights.",
    "train_starting": "Starting…",
    "train_running": "Training {name}: epoch {epoch} of {epochs}",
    "train_stopped": "Paused after {epochs:.1f} epochs. It reads {accuracy:.2%} of the "
    "{count:,} unseen test images right.",
    "train_done": "Done: it reads {accuracy:.2%} of the {count:,} unseen test images right.",
    "train_diverged": "Training ended: the loss is no longer a number. A learning rate of "
    "{learning_rate:g} is too high here; try a tenth of it. The weights of a moment before are "
    "kept.",
    "train_use": "It is now chosen in Draw and Gallery as “{name}”, for you alone.",
    "train_nothing": "There is no run to go on with. Press Train first.",
    "fact_epoch": "Epoch",
    "fact_step": "Step",
    "fact_speed": "Images per second",
    "fact_left": "Time left",
    "fact_time": "Training time",
    "fact_accuracy": "Test accuracy",
    "fact_loss": "Test loss",
    # The queue: who waits, and what a training may take
    "queue_next": "Others are training: you are next.",
    "queue_position": "Others are training: you are number {number} in line.",
    "queue_leave": "Leave the line",
    "queue_full": "{count} visitors wait for a training already. Try again in some minutes.",
    "queue_host_ended": "Whoever runs this server ended this training.",
    "queue_unheard": "Nobody listened to this training, so it was ended.",
    "queue_twice": "You stand in line already.",
    "fact_start": "Your turn",
    "queue_starts_in": "in about {time}",
    "span_seconds": "{seconds} s",
    "span_minutes": "{minutes} min",
    "span_both": "{minutes} min {seconds} s",
    "budget_steps": "On this server a training may take {steps:,} steps.",
    "budget_time": "On this server a training may take {time}.",
    "budget_steps_time": "On this server a training may take {steps:,} steps or {time}, whichever "
    "comes first.",
    "budget_one": "One runs at a time, the others wait in line.",
    "budget_many": "{count} run at a time, the others wait in line.",
    "budget_spent_steps": "On this server a training may take {steps:,} steps. Go on for as many "
    "again.",
    "budget_spent_time": "On this server a training may take {time}. Go on for as long again.",
    "train_memory": "There was not enough memory for this training. A smaller batch size needs "
    "less.",
    "train_broke": "Something went wrong in this training; whoever runs this server can see what. "
    "Other trainings go on.",
    "train_silent": "The process that trains no longer answered, so it was ended. The next "
    "training gets a new one.",
    "train_files_changed": "The program's files have changed since it was started, so nothing can "
    "be trained. Whoever runs this server has to start it anew.",
    "time_short": "{seconds:.1f} s",
    "time_seconds": "{seconds:.0f} s",
    "time_minutes": "{minutes} min {seconds:02d} s",
    # Its curves, and the table of runs
    "loss_chart": "Loss: how wrong it is",
    "accuracy_chart": "Accuracy: how many it reads right",
    "chart_empty": "The curve appears here.",
    "series_train": "training images",
    "series_test": "test images",
    "axis": "Along the bottom",
    "axis_step": "steps",
    "axis_epoch": "epochs",
    "axis_seconds": "seconds",
    "smoothing": "Smoothing",
    "log_scale": "Loss on a log scale",
    "runs": "Runs",
    "runs_show": "Show the curves of {name}",
    "runs_head": "Run",
    "runs_seed": "Seed",
    "runs_epochs": "Epochs",
    "runs_seconds": "Seconds",
    "runs_train_loss": "Training loss",
    "runs_test_loss": "Test loss",
    "runs_accuracy": "Test accuracy",
    "runs_rename": "Rename",
    "runs_new_name": "New name",
    "runs_delete": "Remove",
    "runs_clear": "Remove all",
    "runs_removed": "Removed: {count}.",
    "runs_undo": "Bring back",
    "runs_running": "trains now",
    "runs_model": "Save the model",
    "runs_script": "Save as a Python script",
    "runs_curves": "Save the curves (CSV)",
    "runs_open": "Open a saved model",
    "runs_opened": "“{name}” is now chosen in Draw and Gallery, for you alone.",
    "runs_gone": "This run is no longer there.",
    "runs_no_model": "The model of this run is no longer kept: the newest {count} are.",
    "runs_no_script": "There is no script of this: it came as a model alone, or its training began "
    "with the weights of another one.",
    "runs_bad_name": "A name has 1 to {most} characters.",
    "runs_name_taken": "There is a model called “{name}” already.",
    "runs_refused": "This file cannot be opened: {reason}.",
    "runs_too_large": "it is larger than {most} MB",
    "runs_not_safetensors": "it is not a .safetensors file, the only kind that is read, as others "
    "can hold programs",
    "runs_not_ours": "it is no model that was saved here ({reason})",
    "runs_no_numbers": "what its network answers is no number",
    # Watch it learn
    "live_view_title": "Watch it learn",
    "live_view_hint": "Twenty test digits, your drawing and its first weights, while it trains",
    "live_view_help": "Test images are ones it is not trained on. A solid frame: read right; a "
    "dashed "
    "one: read wrong.",
    "live_view_alt": "label {label}, read as {answer}, {share:.0%}",
    "live_view_right": "{right} of {total} right",
    "live_view_drawing": "Your drawing: probability of each digit",
    "live_view_no_drawing": "Draw a digit in the Draw tab before you press Train, and it is "
    "followed "
    "here.",
    "live_view_drawing_alt": "Your drawing",
    "live_view_weights": "The weights of its first layer. Each picture is what one unit looks for: "
    "ink on blue makes it more active, ink on orange less.",
    "live_view_prompt": "Press Train, and this begins to move.",
    # Back through the training
    "playback_title": "Back through the training",
    "playback_hint": "What it read, and how well, at moments of its run",
    "playback_help": "Up to 30 snapshots of the network while it learnt, fewer where it is large "
    "and of older runs. Move the slider, or play them like a film.",
    "playback_prompt": "Train a network first; then you can go back to what it was on the way.",
    "playback_none": "No moments of “{name}” are kept: it came as a model alone, or newer runs "
    "have taken their place.",
    "playback_gone": "This moment is no longer kept.",
    "playback_moment": "Step {step:,}, epoch {epochs:.2f}, {seconds}",
    "playback_slider": "Moment of the training",
    "playback_digits": "Test digits as it read them then. A solid frame: read right; a dashed one: "
    "read wrong.",
    "playback_tested": "{accuracy:.1%} of {count:,} test images read right",
    "playback_tested_so_far": "{accuracy:.1%} of {count:,} test images read right so far; more are "
    "being read",
    "playback_reads": "It would have read your drawing as {digit} ({share:.0%})",
    "playback_no_drawing": "Draw a digit in the Draw tab, and it is told here what the network "
    "would have read then.",
    "playback_curve": "Your drawing over the training: the probability of each digit",
    "playback_curve_since": "From step {step:,} on it reads {digit}.",
    "playback_curve_late": "It changed its mind at the end, at step {step:,}: from {before} to "
    "{digit}.",
    "playback_curve_always": "It reads {digit} from the first moment to the last.",
    "playback_testing": "Test images are being read…",
    "playback_save": "Save as a model",
    "playback_go_on": "Go on from here",
    "playback_go_on_help": "A saved moment can be chosen in Draw and Gallery. “Go on from here” "
    "trains on from this moment as a new run, on the images that came next. Its curve may differ "
    "a little from the first one: the optimizer has to find its momentum anew. Such a run cannot "
    "be saved as a script.",
    "playback_saved": "Saved. It is now chosen in Draw and Gallery as “{name}”, for you alone.",
    "playback_model": ", step {step:,}",
    "playback_new_run": ", on from step {step:,}",
    "change_moment": "as it was after {step:,} steps",
    "change_started_from": "began with the weights of step {step:,}",
    # How a run did
    "report_title": "How did it do?",
    "report_hint": "Each digit, the confusion matrix, and its surest mistakes",
    "report_prompt": "Train a network first, or choose a run above.",
    "report_gone": "The model of this run is no longer kept.",
    "report_run": "“{name}” reads {right:,} of {count:,} unseen test images right, and {wrong:,} "
    "wrong.",
    "report_run_seen": "“{name}” reads {right:,} of {count:,} test images right, and {wrong:,} "
    "wrong, but it saw them in training.",
    "report_speed": "It trained for {seconds}, at {speed:,.0f} images per second.",
    "report_published": "The tutorial published {published}; this run has {accuracy:.2%}.",
    "report_published_other": "The tutorial published {published}, after {epochs} epochs on all of "
    "MNIST with the settings of its recipe; this run was another one.",
    "report_digits": "How many of each digit it reads right",
    "report_mistakes": "Where it was surest, and wrong",
    "report_no_mistakes": "It made no mistake.",
    "report_confusion": "Which digit it takes for which (the confusion matrix)",
    # The league of runs
    "league_title": "League",
    "league_hint": "Your runs by accuracy and parameters: how few will do?",
    "league_help": "Each dot is one of your runs: the higher, the more test digits it reads "
    "right; the further to the left, the fewer parameters it has, the numbers that training "
    "adjusts. Both axes are logarithmic: along the bottom each mark is ten times the one before, "
    "and from 90% up to 99% are ten times fewer mistakes.",
    "league_chart": "Your runs: test accuracy by the number of parameters, as in the table below",
    "league_up": "↑ test accuracy",
    "league_along": "parameters →",
    "league_front": "the Pareto front: the runs that no other with as few parameters beats",
    "league_on_front": "on the front",
    "league_record": "a public record, {parameters} parameters and {accuracy:.2%} "
    "(Parameter-Efficient-MNIST by JoshWarn). It was the best of some 700 trainings by the test "
    "images themselves, so it is partly luck",
    "league_record_name": "A public record",
    "league_best": "{goal:.0%} or more: “{name}” has the fewest parameters of your runs there, "
    "{parameters:,}. It reads {accuracy:.2%}.",
    "league_none": "No run of yours reads {goal:.0%} of the test digits right yet.",
    "league_other_images": "Your runs were tested on the bundled digits, which are others and "
    "fewer than MNIST's test images, so they cannot be compared with the record.",
    # Links and lessons
    "link_copy": "Copy a link to this set-up",
    "link_copy_drawing": "Copy a link to this drawing",
    "link_copy_view": "Copy a link to this view",
    "link_no_drawing": "Draw something first. A photo stays here; a test digit has its link in the "
    "Gallery.",
    "drawing_refused": "The drawing in this link cannot be read.",
    "link_copied": "Copied.",
    "link_failed": "Copy the address from the address bar.",
    "link_refused": "A part of this page's address was not used: {reason}.",
    "link_too_many": "a link holds at most {most} set-ups, not {count}",
    "link_uneven": "{name} has {count} values where others have {others}",
    "lesson_guess": "Your guess, before you train: which reads most of the test digits right?",
    "lesson_first": "First make your guess: then you can train.",
    "lesson_own_guess": "your guess",
    "lesson_set_ups": "{count} set-ups to compare: choose one and press Train, or train all of "
    "them.",
    "lesson_train_all": "Train them all, one after another",
    "lesson_training_all": "They are trained one after another; Pause ends it.",
    "lesson_best": "All are trained: {best} reads most digits right.",
    "lesson_guessed": "You guessed: {name}. Now train all of them, or choose one and press Train.",
    "lesson_done": "{name}: {accuracy:.2%}",
    "lesson_begun": "{name}: {accuracy:.2%} so far",
    "lesson_right": "You guessed it.",
    "lesson_wrong": "You guessed {name}; {best} has won this time.",
    "lessons_title": "Lessons",
    "lessons_hint": "Eight questions: think of an answer, train, and see",
    "lessons_try": "What to try",
    "lessons_look": "What to look at",
    "lessons_learnt": "What was learnt (try it first)",
    "lessons_open": "Open this lesson",
    "lesson_filters_title": "Looking at pixels, or at shapes",
    "lesson_filters_question": "softmax sees the picture as 784 numbers, simple_cnn slides "
    "small filters over it. Which will read more digits right?",
    "lesson_filters_try": "Guess, then train both for two epochs: twice through all training "
    "images.",
    "lesson_filters_look": "The two accuracy curves: where each ends, and how soon it is there.",
    "lesson_filters_learnt": "In our run the first read 90 % right, the second 98 %. A filter that "
    "has learnt a stroke finds it anywhere in the picture; the other must learn it anew for each "
    "place.",
    "lesson_steps_title": "Too small, right, too large a step",
    "lesson_steps_question": "Too low, right, too high: which learning rate is which, and which "
    "will win?",
    "lesson_steps_try": "The learning rate is how far each step moves the weights. Guess, then "
    "train the same network with all three.",
    "lesson_steps_look": "The loss curves: which one falls slowly, which one quickly, which one "
    "jumps about?",
    "lesson_steps_learnt": "In our run 0.0002 read 61 %, 0.1 read 91 % and 20 read 86 %. With "
    "steps too small the network is not there in time; with steps too large it jumps past the "
    "goal again and again.",
    "lesson_few_title": "Only 600 images",
    "lesson_few_question": "Only 600 images to learn from. Does it help to bend and turn them?",
    "lesson_few_try": "Augmented means: each image is bent, turned and scaled a little at "
    "each look. Guess, then train both.",
    "lesson_few_look": "The loss on training images against the loss on test images, once "
    "they are far apart.",
    "lesson_few_learnt": "In our run 91 % without, 95 % with. A bent image is nearly a new one: so "
    "the network cannot learn 600 pictures by heart, and must learn what they have in common.",
    "lesson_wrong_title": "When the answers are wrong",
    "lesson_wrong_question": "Not one, half, or four in five of the answers it learns from are "
    "wrong. How well can it still read?",
    "lesson_wrong_try": "Guess, then train all three on 5,000 images. The test images keep "
    "their right answers.",
    "lesson_wrong_look": "The test accuracy beside the share of wrong labels, and the loss "
    "on training images, which stays high.",
    "lesson_wrong_learnt": "In our run 96 %, 92 % and 66 %. A wrong answer may be any of nine "
    "digits, the right one is always the same: so even where four in five are wrong, the right "
    "one is still the most frequent.",
    "lesson_unseen_title": "A digit it never saw",
    "lesson_unseen_question": "It never sees a 7 while it learns. What will it call one?",
    "lesson_unseen_try": "Train it, then draw a 7 in the Draw tab, where the new model is chosen.",
    "lesson_unseen_look": "“How did it do?” below the curves: which digit it takes a 7 "
    "for, in the row of the 7.",
    "lesson_unseen_learnt": "A network gives only answers that it was taught. In our run it called "
    "56 % of the sevens a 9 and 28 % a 2, which share strokes with a 7. At most it is not sure; "
    "it never says that this is something new.",
    "lesson_depth_title": "Deep networks: sigmoid or ReLU?",
    "lesson_depth_question": "One layer with sigmoid, five with sigmoid, or five with ReLU: which "
    "will read most digits right?",
    "lesson_depth_try": "What a layer makes is bent before the next one: sigmoid squeezes each "
    "number into 0 to 1, ReLU only turns negative ones into 0. Guess, open “Change its layers”, "
    "then train all three.",
    "lesson_depth_look": "The gradient bars in “Change its layers” while it trains. A gradient "
    "says how much the error changes with a number, and so how far a step moves a weight. Where "
    "do the bars become short?",
    "lesson_depth_learnt": "In our run 95 %, 11 % and 96 %. On the way back to the picture each "
    "sigmoid makes the gradient smaller: with five of them it was 34,000 times smaller at the "
    "first layer than at the last, with five ReLUs 190 times. So the first layers hardly learn "
    "(the vanishing gradient). 11 % is what always answering 1 gets.",
    "lesson_pooling_title": "What pooling is for",
    "lesson_pooling_question": "No pooling, two small pools, or at the end one over the whole "
    "picture: which will read most digits right? And which of them still when a digit is shifted?",
    "lesson_pooling_try": "A pool keeps only the largest number of each window: with windows of "
    "2x2, 28x28 numbers become 14x14. Guess, train all three on 20,000 images, then draw a digit "
    "in the Draw tab and shift it under “How do I break it?”.",
    "lesson_pooling_look": "Accuracy and parameters (the numbers that training adjusts) of the "
    "three in the “League” below the runs; and how far each of them lets you shift your digit.",
    "lesson_pooling_learnt": "In our run 97.7 %, 97.7 % and 96.4 %. With two small pools 9,098 "
    "parameters read as much as 126,698 without any, in little more than half the computing time. "
    "Against shifting they did not help: of the test digits shifted 4 pixels to the right, both "
    "read 48 %. The third read 95 %, since a pool over the whole picture forgets where something "
    "was.",
    "lesson_parameters_title": "How few parameters read 98 %?",
    "lesson_parameters_question": "25,450 parameters in linear layers, or 3,282 or 1,650 with "
    "convolutions: which will read most digits right? And how few does it take for 98 %?",
    "lesson_parameters_try": "Parameters are the numbers that training adjusts. Guess, then train "
    "all three. Then go on: take away filters or layers in “Change its layers”, or add some, and "
    "train again.",
    "lesson_parameters_look": "The “League” below the runs: how far to the left you come on or "
    "above the line of 98 %.",
    "lesson_parameters_learnt": "In our run 96.6 %, 98.6 % and 97.8 %. A filter (a convolution) "
    "uses its few parameters everywhere in the picture; a linear layer needs its own for each "
    "pixel. A public record is 99.03 % with 697, but of some 700 trainings the best by the test "
    "images.",
    "lesson_editor_title": "Make a lesson",
    "lesson_editor_hint": "A link for your class: a question, set-ups to compare, and what is "
    "hidden",
    "lesson_editor_question": "The question (may be left empty)",
    "lesson_editor_set_ups": "Its set-ups",
    "lesson_editor_none": "Nothing yet: choose a recipe and its settings above, then add them.",
    "lesson_editor_add": "Add the set-up above",
    "lesson_editor_twice": "This set-up is in the lesson already",
    "lesson_editor_remove": "Remove",
    "lesson_editor_hide": "Hide from the class",
    "lesson_editor_link": "The link; it opens in a new tab",
    "lesson_editor_copy": "Copy the link",
    "lesson_editor_copied": "Copied.",
    "change_layers": "network {value}",
    "change_images": "{value:,} images",
    "change_all_images": "all images",
    "change_noise_labels": "{value:.0%} wrong labels",
    "change_excluded_digit": "without {value}",
    "change_no_digit": "all digits",
    "change_augmented": "augmented",
    "change_not_augmented": "not augmented",
    "change_user_digits": "{value} own digits",
    "change_on_the_way": "changed on the way: {names}",
    "change_setting": "{name} {value}",
    # Gallery
    "order": "Order",
    "order_hardest": "hardest first",
    "order_unsure": "least sure first",
    "order_disagreement": "most disputed by two models",
    "order_index": "by number",
    "order_random": "at random",
    "order_hardest_help": "The hardest come first: those whose label got the least probability.",
    "order_unsure_help": "Those come first whose answer got the least probability.",
    "order_disagreement_help": "Those come first on which {model} and {other} differ most: by how "
    "much probability would have to move from one digit to another.",
    "order_index_help": "They come in the order of the test set.",
    "order_random_help": "They come at random; the same seed brings the same order.",
    "shuffle": "Shuffle",
    "mixed_up": "What does it mix up?",
    "mixed_up_help": "The confusion matrix: a row for each label, which is what a digit really is, "
    "a column for what the model reads it as. Mistakes are orange, the more the stronger; right "
    "answers are blue. Choose a cell to see its digits.",
    "confusion_title": "Confusion matrix: how many digits of each label are read as which",
    "confusion_rows": "label",
    "confusion_columns": "read as",
    "confusion_one": "label {label}, read as {prediction}: {count} digit",
    "confusion_cell": "label {label}, read as {prediction}: {count} digits",
    "label_choice": "Label",
    "prediction_choice": "Read as",
    "any_digit": "any",
    "shown": "Show",
    "shown_all": "all",
    "shown_right": "right",
    "shown_wrong": "wrong",
    "shown_both": "right by both models",
    "shown_first": "right by the first model alone",
    "shown_second": "right by the second model alone",
    "shown_neither": "wrong by both models",
    "show_all": "Show all",
    "two_models": "Where do two models differ?",
    "other": "Second model",
    "one_model": "No second model",
    "agreement_prompt": "Choose a second model to compare with.",
    "agreement_label": "Who reads them right",
    "agreement_both": "right by both",
    "agreement_first": "right by {first} alone",
    "agreement_second": "right by {second} alone",
    "agreement_neither": "wrong by both",
    "agreement_seen_both": "Both saw these digits in training.",
    "agreement_seen_one": "{seen} saw these digits in training, {unseen} did not.",
    "agreement_seen_none": "Neither saw these digits in training.",
    "gallery_reading": "**{model}** is reading all test images…",
    "gallery_summary": "**{model}** reads **{right:,} of {total:,}** unseen test images right "
    "({accuracy:.2%}).",
    "gallery_summary_seen": "**{model}** reads **{right:,} of {total:,}** test images right "
    "({accuracy:.2%}), but it saw them in training.",
    "gallery_loss": "Its loss is **{loss:.4f}**: the less probability it gives to the right "
    "answers, the higher.",
    "gallery_both": "Of the two answers below a digit, the first is that of {model}, the second "
    "that of {other}.",
    "gallery_shown": "**{count:,}** shown: {filters}.",
    "gallery_none": "There are none: {filters}.",
    "filter_label": "label {digit}",
    "filter_prediction": "read as {digit}",
    "gallery_label": "Test digits: what each is read as, how likely, and the label where that "
    "differs",
    "gallery_keys": "The arrow keys move between the tiles, Page Up and Page Down turn the page, "
    "Enter opens a digit, from which ← and → lead on, Esc closes it.",
    "page_previous": "Previous",
    "page_next": "Next",
    "page_number": "Page",
    "page_of": "page {page} of {pages}",
    "tile_right": "✓ {prediction}",
    "tile_wrong": "✗ {prediction}",
    "tile_right_detail": "{share:.0%}",
    "tile_wrong_detail": "{share:.0%}, is {label}",
    "tile_both_right": "✓ {prediction} {share:.0%}",
    "tile_both_wrong": "✗ {prediction} {share:.0%}",
    "tile_both_detail": "is {label}",
    "tile_both_alt": "{alt}; by the second model {prediction}, {share:.0%}",
    "tile_alt": "test digit {index}, label {label}, read as {prediction}, {share:.0%}",
    "detail_title": "Test digit {index}: label {label}",
    "detail_summary": "{right} of {total} models read it right. The columns are the ten "
    "probabilities, in per cent.",
    "detail_previous": "Previous digit",
    "detail_next": "Next digit",
    "detail_close": "Close (Esc)",
    "detail_draw": "Open in Draw",
    "detail_model": "Model",
    "detail_answer": "Reads",
    "detail_share": "Probability",
    "reasons_title": "Why does {model} read {answer}?",
    "neighbours_title": "The training digits most alike to it",
    "neighbours_wait": "{model} is looking through {count:,} training digits for the most alike…",
    "neighbours_right": "Labelled {answer}, as {model} reads: {answered} of {count}.",
    "neighbours_wrong": "Labelled {answer}, as {model} reads: {answered} of {count}. Labelled "
    "{label}, as the digit is: {right} of {count}.",
    "neighbours_dashed": "A dashed frame: its label is another than the test digit's.",
    "neighbours_hidden": "Alike are those of which the last hidden layer of {model}, which is "
    "all that it decides by, makes nearly the same (by cosine distance). Searched: the first "
    "{searched:,} of {total:,} training digits.",
    "neighbours_pixels": "{model} has no hidden layer, so the pixels themselves are compared (by "
    "cosine distance). Searched: the first {searched:,} of {total:,} training digits.",
    "neighbour_alt": "training digit {index}, label {label}, cosine similarity {cosine:.3f}",
    # The map
    "map_title": "Map",
    "map_hint": "What a network finds alike lies together",
    "map_help": "Each dot is a test digit. Digits that are alike to the network lie close: its "
    "last hidden layer, from which it takes the answer, makes nearly the same numbers "
    "(activations) of them. A method called t-SNE places them so. How far groups lie apart, and in "
    "which direction, says little.",
    "map_label": "Map of the test digits, which is told in words beside it",
    "map_keys": "Drag to move, turn the wheel after a click to zoom, drag with Shift held to "
    "choose dots. By keys: arrows, + and −, Home for the whole; Page Down and Page Up go from dot "
    "to dot, from the middle outwards, Enter opens one.",
    "map_touch": "Two fingers zoom, one moves what is zoomed. Tap a dot to see it.",
    "map_which": "Whose map",
    "map_tools": "Choose dots",
    "map_zoom": "Look closer",
    "map_pad": "A small pad: what you draw lies on the map",
    "map_pad_help": "Draw a digit here, or in Draw, and see where it lies on the map.",
    "map_clear": "Clear",
    "map_beside": "Side by side",
    "map_beside_title": "A second map beside it: what is chosen on one stands out on both",
    "map_lasso": "Draw around dots",
    "map_lasso_title": "Draw a line around dots: the Gallery then shows these digits",
    "map_in_view": "Show those in view",
    "map_in_view_title": "The Gallery then shows the digits whose dots are in view",
    "map_in": "Zoom in",
    "map_out": "Zoom out",
    "map_whole": "The whole map",
    "map_ring": "read wrong",
    "map_point_right": "Test digit {{index}}: label {{label}}, read as {{answer}}.",
    "map_point_wrong": "Test digit {{index}}: label {{label}}, misread as {{answer}}.",
    "map_nothing_here": "There are no dots here.",
    "map_place": "{{at}} of {{count}} in view.",
    "map_chosen": "{{count}} digits are shown below. “Show all” there shows all again.",
    "map_open": "Look at it",
    "map_pixels": "the pixels",
    "map_wait": "{name}: all test digits are being read; the map follows in some seconds.",
    "map_drawing_on": "{name}: still a rough map, by its two principal components (PCA). t-SNE is "
    "at work.",
    "map_rough": "{name}, a rough map.",
    "map_too_few": "There are too few digits for a map.",
    "map_by_logits": "{name} has no hidden layer: its map is by its ten logits, the outputs before "
    "softmax.",
    "map_by_pixels": "No network has placed these dots: they lie by the 784 pixels themselves.",
    "map_seen": "On the map of {name}, {share:.1%} of the ten dots nearest to a dot have its "
    "label: most of a {best}'s ({best_share:.1%}), fewest of a {worst}'s ({worst_share:.1%}).",
    "map_pairs": "Most among each other: {pairs}.",
    "map_rings": "{count:,} dots have a ring: they are read wrong.",
    "map_no_rings": "No dot has a ring: none is read wrong.",
    "map_counted": "{label} ({count})",
    "map_among": "Your drawing, in the frame, lies among the digits most alike to it. Their "
    "labels: {labels}.",
    "map_placing": "Your drawing is looked for; the first time takes some seconds.",
    "filter_region": "chosen on the map",
    # API
    "api_picture": "A PNG or JPEG picture of one digit",
    "api_model": "The name of a shipped model",
    "api_answer": "The likeliest digit, and the probability of each",
    "api_number": "The number, its probability, and each of its digits",
    "api_strokes": "Pen strokes: lists of points [x, y]",
    "api_one_source": "Send a picture or strokes: one of the two.",
    "api_no_picture": "Send a picture: a PNG or JPEG file of one digit.",
    "api_spent_steps": "On this server a training by the API may take {steps:,} steps. With fewer "
    "epochs it is done by then.",
    "api_spent_time": "On this server a training by the API may take {time}. With fewer epochs it "
    "is done by then.",
    "api_bad_picture": "This file is not a picture that can be read. Send a PNG or JPEG file.",
}
