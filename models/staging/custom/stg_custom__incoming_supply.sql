{{ stage('custom', 'incoming_supply') }}
